using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Columns;
using OneRec.Csv.Kernels;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>Reads text files: executors read lines, the workers' kernel <see cref="CsvRecordsKernel"/> makes rows of them.</summary>
/// <param name="session">The session.</param>
/// <param name="kernels">Runs the kernel.</param>
/// <remarks>
/// A file is told by the hash of its path and a split of it by its first byte, as Spark's <c>_metadata</c> has them: lines are
/// many, and their splits are only named where a row is bad.
/// </remarks>
internal sealed class CsvFrame(SparkSession session, KernelMap kernels)
{
    private const string Place = "place";

    private const string PartsSql =
        """
        SELECT file, block, max(path) AS path, CAST(sum(CASE WHEN line IN (X'', X'0D') THEN {{blank}} ELSE 1 END) AS BIGINT) AS records
        FROM lines
        GROUP BY file, block
        ORDER BY file, block
        """;

    /// <summary>A data frame of the request's columns.</summary>
    /// <exception cref="OneRecException">A file cannot be read by its lines (exit 3).</exception>
    public JvmObject Read(CsvFiles source)
    {
        if (source.Converted is { } whole)
        {
            throw OneRecException.Input(
                "input.spark-text",
                $"{whole.File} is {whole.Kind}, which Spark does not read by lines; convert it to UTF-8, plain or with gzip, or use --engine local");
        }

        // Files with one order of columns are one data frame.
        int[][] groups = [.. Enumerable.Range(0, source.Files.Count)
            .GroupBy(n => string.Join(',', source.Orders?[n] ?? []), StringComparer.Ordinal)
            .Select(g => g.ToArray())];
        JvmObject frame = ReadAlike(source.Some(groups[0]));
        foreach (int[] group in groups.Skip(1))
        {
            using JvmObject before = frame;
            using JvmObject other = ReadAlike(source.Some(group));
            frame = before.Get("union", other);
        }

        return frame;
    }

    private JvmObject ReadAlike(CsvFiles source)
    {
        CsvRequest request = source.Request.In(source.Orders?[0]);

        // Where a quoted field may hold line breaks, a record may lie in two splits: a file is one task's.
        using JvmObject lines = Lines(source, path: false);
        PartitionShape shape = request.MultiLine
            ? PartitionShape.ByKey(CsvRecordsKernel.File, CsvRecordsKernel.Block, Place)
            : default;
        return kernels.Map(new SparkRelation(lines), CsvRecordsKernel.Call(request), shape, []);
    }

    /// <summary>The parts that rows are numbered in.</summary>
    public IReadOnlyList<CsvPart> Parts(CsvFiles source)
    {
        var lines = new SparkRelation(Lines(source, path: true));
        SqlScript script = new SqlScript(PartsSql).With("blank", source.Request.SkipsEmptyLines ? 0 : 1);
        using JvmObject frame = SqlFrame.Run(session, script, [("lines", lines)]);
        var places = source.Files.Select((file, n) => (Plain(file), n)).ToDictionary(f => f.Item1, f => f.n, StringComparer.Ordinal);
        var parts = new List<CsvPart>();
        int header = source.Request.HasHeader ? 1 : 0;
        long before = 0;
        foreach (object?[] row in RowReader.Read(ArrowCollector.Read(frame)))
        {
            (long file, long block, string path) = ((long)row[0]!, (long)row[1]!, Plain(Uri.UnescapeDataString((string)row[2]!)));
            bool isFirst = parts.Count == 0 || parts[^1].File != file;
            if (!places.TryGetValue(path, out int place))
            {
                throw OneRecException.Engine("spark.path", $"Spark read {path}, which is none of the input's files");
            }

            // The header is a record of the first part.
            before = isFirst ? 0 : before;
            parts.Add(new CsvPart(file, block, place, before));
            before += (long)row[3]! - (isFirst ? header : 0);
        }

        return source.Request.MultiLine
            ? [.. parts.GroupBy(p => p.File).Select(p => new CsvPart(p.Key, 0, p.First().Place, 0))]
            : parts;
    }

    private static string Plain(string path)
    {
        const string Local = "file:";
        return path.StartsWith(Local, StringComparison.Ordinal) ? "/" + path[Local.Length..].TrimStart('/') : path;
    }

    private JvmObject Lines(CsvFiles source, bool path)
    {
        var text = new Schema([new Field("value", StringType.Default, nullable: true)], null);
        using JvmObject reader = FrameReader.Open(session, text, source.Partitions).Get("option", "lineSep", "\n");
        using JvmObject frame = FrameReader.Load(session, reader, "text", source.Files);
        IEnumerable<string> fileValues = (source.Partitions?.Columns ?? [])
            .Take(source.Request.FileValues)
            .Select((name, n) => $"{SparkDialect.Instance.Name(name)} AS {CsvRecordsKernel.FileValue(n)}");
        string[] columns =
        [
            $"CAST(value AS BINARY) AS {CsvRecordsKernel.Line}",
            $"xxhash64(_metadata.file_path) AS {CsvRecordsKernel.File}",
            $"_metadata.file_block_start AS {CsvRecordsKernel.Block}",
            .. fileValues,
            .. source.Request.MultiLine ? [$"monotonically_increasing_id() AS {Place}"] : System.Array.Empty<string>(),
            .. path ? ["_metadata.file_path AS path"] : System.Array.Empty<string>(),
        ];
        return frame.Get("selectExpr", session.Jvm.Array("java.lang.String", columns));
    }
}
