using System.Diagnostics;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Benchmarks.Vectors;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Benchmarks.Cases;

/// <summary>
/// Writes ready-made embeddings, a vector an item, as Parquet: what the cases that run the job itself read. The figure is
/// that of writing.
/// </summary>
internal sealed class VectorsCase : ICase
{
    private const int Group = 8_192;

    private static readonly Schema Columns = new(
        [
            new Field("item_id", Int64Type.Default, nullable: false),
            new Field("embedding", new ListType(new Field("element", FloatType.Default, nullable: false)), nullable: false),
        ],
        null);

    /// <inheritdoc/>
    public string Name => "vectors";

    /// <inheritdoc/>
    public IReadOnlyList<string> Help =>
    [
        $"{BenchVectors.Help} --out FILE",
        "generated rows, or those of a raw file, as Parquet with item_id (from 1) and embedding",
    ];

    /// <inheritdoc/>
    public IEnumerable<Result> Run(IReadOnlyList<string> arguments)
    {
        var given = new Arguments(arguments, [.. BenchVectors.Options, "--out"]);
        string path = given.Text("--out");
        (float[] rows, int dims) = BenchVectors.Read(given);
        int n = rows.Length / dims;
        long start = Stopwatch.GetTimestamp();
        using (WriterProperties properties = new WriterPropertiesBuilder().Compression(Compression.Uncompressed).DisableDictionary().Build())
        using (var writer = new FileWriter(path, Columns, properties))
        {
            for (int first = 0; first < n; first += Group)
            {
                int count = Math.Min(Group, n - first);
                using RecordBatch batch = Batch(rows, dims, first, count);
                writer.WriteRecordBatch(batch, count);
            }

            writer.Close();
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        yield return new Result("vectors", seconds, n / seconds, "rows/s", Timing.PeakBytes(), new Dictionary<string, object>
        {
            ["rows"] = n,
            ["dim"] = dims,
            ["bytes"] = new FileInfo(path).Length,
        });
    }

    private static RecordBatch Batch(float[] rows, int dims, int first, int count)
    {
        var ids = new Int64Array.Builder().Reserve(count);
        var offsets = new ArrowBuffer.Builder<int>(count + 1).Append(0);
        for (int i = 0; i < count; i++)
        {
            ids.Append(first + i + 1L);
            offsets.Append((i + 1) * dims);
        }

        ArrowBuffer floats = new ArrowBuffer.Builder<float>(count * dims).Append(rows.AsSpan(first * dims, count * dims)).Build();
        var values = new FloatArray(floats, ArrowBuffer.Empty, count * dims, 0, 0);
        var lists = new ListArray(Columns.FieldsList[1].DataType, count, offsets.Build(), values, ArrowBuffer.Empty, 0);
        return new RecordBatch(Columns, [ids.Build(), lists], count);
    }
}
