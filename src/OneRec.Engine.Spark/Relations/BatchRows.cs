using System.Globalization;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>
/// Rows of an Arrow batch to workers and of a batch of the Parquet reader, as long as an action plans and runs: Spark counts
/// rows (10,000 and 4,096 by default), and rows with token vectors are a megabyte.
/// </summary>
internal sealed class BatchRows : IDisposable
{
    private static readonly string[] Names =
        ["spark.sql.execution.arrow.maxRecordsPerBatch", "spark.sql.parquet.columnarReaderBatchSize"];

    private readonly SparkSession _session;
    private readonly string[] _before;

    private BatchRows(SparkSession session, int rows)
    {
        _session = session;
        _before = [.. Names.Select(session.Setting)];
        Set([.. _before.Select(b => Math.Min(rows, Number(b)).ToString(CultureInfo.InvariantCulture))]);
    }

    /// <summary>Sets them for what a relation is made of; null where it asks for nothing.</summary>
    public static BatchRows? Of(SparkSession session, SparkRelation relation) =>
        relation.BatchRows is { } rows ? new BatchRows(session, rows) : null;

    /// <summary>Puts back what was there.</summary>
    public void Dispose() => Set(_before);

    // The settings' 0 and below mean without an end.
    private static int Number(string text) =>
        int.Parse(text, CultureInfo.InvariantCulture) is > 0 and var rows ? rows : int.MaxValue;

    private void Set(string[] values)
    {
        using JvmObject settings = _session.Session.Get("conf");
        for (int i = 0; i < Names.Length; i++)
        {
            settings.Call("set", Names[i], values[i]);
        }
    }
}
