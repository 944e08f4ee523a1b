using System.Diagnostics;
using Apache.Arrow.Ipc;
using DuckDB.NET.Data;
using ParquetSharp.Arrow;

namespace OneRec.Benchmarks.Cases;

/// <summary>
/// How rows best leave DuckDB as Arrow batches: the provider's Arrow stream, with its result built first or streamed,
/// or Parquet scratch files. Each way runs in a process of its own, so that its peak memory is its own.
/// </summary>
internal sealed class ArrowCase : ICase
{
    private static readonly string[] Ways = ["materialized", "streaming", "parquet"];

    /// <inheritdoc/>
    public string Name => "arrow";

    /// <inheritdoc/>
    public IReadOnlyList<string> Help =>
    [
        "materialized|streaming|parquet ROWS",
        "rows of (bigint, float[64]), 264 bytes each, out of DuckDB as Arrow batches: its result built whole first,",
        "streamed, or through a Parquet file; one way a process, so that the peak memory is its own",
    ];

    /// <inheritdoc/>
    public IEnumerable<Result> Run(IReadOnlyList<string> arguments)
    {
        IReadOnlyList<string> words = new Arguments(arguments, []).Words;
        if (words is not [string way, string text] || !Ways.Contains(way))
        {
            throw new UsageException($"arrow wants {string.Join('|', Ways)} and a number of rows");
        }

        long rows = Arguments.Number("ROWS", text, 1);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Execute(connection, "SET threads = 2");
        string select = $"SELECT range AS id, list_transform(range(64), x -> CAST(x * range / 7.0 AS FLOAT)) AS v FROM range({rows})";
        var watch = Stopwatch.StartNew();
        long seen = way == "parquet" ? ThroughParquet(connection, select) : ThroughStream(connection, select, way == "streaming");
        double seconds = watch.Elapsed.TotalSeconds;
        if (seen != rows)
        {
            throw new InvalidOperationException($"{seen} of {rows} rows came out");
        }

        yield return new Result(
            $"arrow-{way}",
            seconds,
            rows / seconds,
            "rows/s",
            Timing.PeakBytes(),
            new Dictionary<string, object> { ["rows"] = rows, ["threads"] = 2, ["runs"] = 1 });
    }

    private static long ThroughStream(DuckDBConnection connection, string select, bool streaming)
    {
        using DuckDBCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Our own text.
        command.CommandText = select;
#pragma warning restore CA2100
        command.UseStreamingMode = streaming;
        using IArrowArrayStream stream = command.ExecuteArrowStream();
        return Drain(stream);
    }

    private static long ThroughParquet(DuckDBConnection connection, string select)
    {
        string path = Path.Combine(Path.GetTempPath(), $"onerec-bench-{Environment.ProcessId}.parquet");
        try
        {
            Execute(connection, $"COPY ({select}) TO '{path}' (FORMAT parquet, COMPRESSION uncompressed)");
            using var reader = new FileReader(path);
            using IArrowArrayStream stream = reader.GetRecordBatchReader();
            return Drain(stream);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static long Drain(IArrowArrayStream stream)
    {
        long rows = 0;
        while (stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
        {
            using (batch)
            {
                rows += batch.Length;
            }
        }

        return rows;
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using DuckDBCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Our own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
