using Apache.Arrow;

namespace OneRec.Worker.Tests.Spark;

/// <summary>What a worker said of a task.</summary>
public sealed class TaskAnswer
{
    public bool HasStream { get; set; }

    public List<RecordBatch> Batches { get; } = [];

    public long[] Times { get; set; } = [];

    public long[] Spilled { get; set; } = [];

    public int? Accumulators { get; set; }

    /// <summary>The bytes of each update.</summary>
    public List<byte[]> Updates { get; } = [];

    public int? LastInt { get; set; }

    public string? Failure { get; set; }

    public IEnumerable<string?> Texts(int column) => Batches.SelectMany(
        b => Enumerable.Range(0, b.Length).Select(i => (string?)((StringArray)b.Column(column)).GetString(i)));

    public IEnumerable<long?> Longs(int column) => Batches.SelectMany(b => ((Int64Array)b.Column(column)).ToList());
}
