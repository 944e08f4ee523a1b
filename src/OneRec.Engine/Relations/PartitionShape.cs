namespace OneRec.Engine.Relations;

/// <summary>How a kernel's input is distributed over partitions and ordered within each.</summary>
/// <param name="Keys">Rows with equal keys are adjacent in one partition. Empty: any distribution.</param>
/// <param name="SortBy">Order within a partition, starting with the keys. Empty: any order.</param>
/// <param name="Parts">
/// If above 0, the key is an int column with values 0 to <paramref name="Parts"/> - 1, and each part should be its own partition.
/// </param>
/// <param name="IsEven">Rows are expensive: distribute them evenly over all tasks that run at once, however few bytes they are.</param>
public readonly record struct PartitionShape(IReadOnlyList<string> Keys, IReadOnlyList<string> SortBy, int Parts = 0, bool IsEven = false)
{
    /// <summary>Any distribution, any order: for kernels with independent rows.</summary>
    public static PartitionShape Any { get; } = new([], []);

    /// <summary>Any order, evenly distributed: for kernels with few independent rows that are expensive to process.</summary>
    public static PartitionShape Even { get; } = new([], [], IsEven: true);

    /// <summary>Rows with the same key together, in any order.</summary>
    public static PartitionShape Together(string key) => new([key], []);

    /// <summary>Rows with the same key together, ordered by the key and then by further columns.</summary>
    public static PartitionShape ByKey(string key, params string[] thenBy) => new([key], [key, .. thenBy]);

    /// <summary>Rows by part number, ordered by it and then by further columns.</summary>
    public static PartitionShape ByPart(string part, int parts, params string[] thenBy) => new([part], [part, .. thenBy], parts);
}
