using System.Globalization;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>
/// Sets the number of rows of an Arrow batch for workers and of a batch of the Parquet reader while an action is planned and
/// run. Spark limits batches by rows (10,000 and 4,096 by default), and a row with token vectors can be a megabyte.
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

    /// <summary>Sets them for a relation; null if it has no limit of its own.</summary>
    public static BatchRows? Of(SparkSession session, SparkRelation relation) =>
        relation.BatchRows is { } rows ? new BatchRows(session, rows) : null;

    /// <summary>Restores the previous settings.</summary>
    public void Dispose() => Set(_before);

    // Settings of 0 and below mean no limit.
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
