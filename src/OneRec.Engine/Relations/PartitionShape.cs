namespace OneRec.Engine.Relations;

/// <summary>How a kernel's input is spread over partitions and ordered within each.</summary>
/// <param name="Keys">Rows with equal keys are in one partition and adjacent. Empty: any spread.</param>
/// <param name="SortBy">Order within a partition, starting with the keys. Empty: any order.</param>
/// <param name="Parts">
/// Above 0: the key is an int column of 0 to <paramref name="Parts"/> - 1, and each is best worked on beside the others.
/// </param>
/// <param name="IsEven">Rows are dear: spread evenly over all that is worked on at once, however few bytes they are.</param>
public readonly record struct PartitionShape(IReadOnlyList<string> Keys, IReadOnlyList<string> SortBy, int Parts = 0, bool IsEven = false)
{
    /// <summary>Any spread, any order: for kernels whose rows are independent.</summary>
    public static PartitionShape Any { get; } = new([], []);

    /// <summary>Any order, evenly spread: for kernels whose rows are independent, few, and much work each.</summary>
    public static PartitionShape Even { get; } = new([], [], IsEven: true);

    /// <summary>Rows of one key together, in any order.</summary>
    public static PartitionShape Together(string key) => new([key], []);

    /// <summary>Rows of one key together, ordered by the key and then by further columns.</summary>
    public static PartitionShape ByKey(string key, params string[] thenBy) => new([key], [key, .. thenBy]);

    /// <summary>Rows by the number of their part, ordered by it and then by further columns.</summary>
    public static PartitionShape ByPart(string part, int parts, params string[] thenBy) => new([part], [part, .. thenBy], parts);
}
