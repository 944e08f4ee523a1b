using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Clustering.Rows;
using OneRec.Kernels.Clustering.Training;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>The row format for the partial results of a pass: codes with their sums, worst-served rows, totals.</summary>
public static class PassRows
{
    private const int CodeKind = 0;
    private const int WorstKind = 1;
    private const int TotalKind = 2;

    // List bytes per batch, well below the limit of 64 MiB for a record batch.
    private const int BatchBytes = 16 << 20;

    /// <summary>The columns. Columns that a kind of row does not use hold 0, null or an empty list.</summary>
    public static Schema Schema(IArrowType id) => new(
        [
            new Field("kind", Int32Type.Default, nullable: false),
            new Field("code", Int32Type.Default, nullable: false),
            new Field("count", Int64Type.Default, nullable: false),
            new Field("sums", ListColumns.TypeOf(Int64Type.Default), nullable: false),
            new Field("error_high", Int64Type.Default, nullable: false),
            new Field("error_low", Int64Type.Default, nullable: false),
            new Field("item_id", id, nullable: true),
            new Field("error", DoubleType.Default, nullable: false),
            new Field("vector", ListColumns.TypeOf(FloatType.Default), nullable: false),
        ],
        null);

    /// <summary>Writes a part as rows.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    /// <param name="sums">The part.</param>
    /// <param name="dims">Dimensions of a vector.</param>
    public static IEnumerable<RecordBatch> Write(IArrowType id, PassSums sums, int dims)
    {
        ArgumentNullException.ThrowIfNull(sums);
        int[] codes = [.. Enumerable.Range(0, sums.Counts.Length).Where(c => sums.Counts[c] > 0)];
        bool counted = sums.Sums.Length == 0;
        foreach (int[] some in codes.Chunk(Math.Max(1, BatchBytes / (sizeof(long) * dims))))
        {
            yield return Build(id, [.. some.Select(code => new Row(CodeKind, code, sums.Counts[code])
            {
                Sums = counted ? default : sums.Sums.AsMemory(code * dims, dims),
            })]);
        }

        foreach (WorstRow[] some in sums.Worst.Rows.Chunk(Math.Max(1, BatchBytes / (sizeof(float) * dims))))
        {
            yield return Build(id, [.. some.Select(worst => new Row(WorstKind, 0, 0) { Worst = worst })]);
        }

        yield return Build(id, [new Row(TotalKind, 0, sums.Rows) { Error = sums.Error }]);
    }

    /// <summary>Adds parts to a pass.</summary>
    public static void Read(IEnumerable<RecordBatch> batches, PassSums into)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(into);
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                Read(batch, into);
            }
        }
    }

    /// <summary>Adds a batch of parts to a pass.</summary>
    public static void Read(RecordBatch batch, PassSums into)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(into);
        var kind = (Int32Array)batch.Column(0);
        var code = (Int32Array)batch.Column(1);
        var count = (Int64Array)batch.Column(2);
        var sums = (ListArray)batch.Column(3);
        var values = (Int64Array)sums.Values;
        var high = (Int64Array)batch.Column(4);
        var low = (Int64Array)batch.Column(5);
        var error = (DoubleArray)batch.Column(7);
        VectorColumn vector = VectorColumn.Of(batch.Column(8));
        for (int row = 0; row < batch.Length; row++)
        {
            switch (kind.Values[row])
            {
                case CodeKind:
                    into.AddCode(
                        code.Values[row],
                        count.Values[row],
                        values.Values.Slice(sums.ValueOffsets[row], sums.GetValueLength(row)));
                    break;
                case WorstKind:
                    into.Worst.Offer(error.Values[row], IdAt(batch.Column(6), row), vector[row]);
                    break;
                default:
                    into.AddTotal(count.Values[row], new Int128((ulong)high.Values[row], (ulong)low.Values[row]));
                    break;
            }
        }
    }

    private static ItemId IdAt(IArrowArray ids, int row) => ids is Int64Array numbers
        ? ItemId.Of(numbers.Values[row])
        : ItemId.Of(((StringArray)ids).GetBytes(row));

    private static RecordBatch Build(IArrowType id, Row[] rows)
    {
        int[] sumsAt = ListColumns.Offsets(rows.Select(row => row.Sums.Length));
        int[] vectorsAt = ListColumns.Offsets(rows.Select(row => row.Worst?.Vector.Length ?? 0));
        var sums = new long[sumsAt[^1]];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i].Sums.CopyTo(sums.AsMemory(sumsAt[i]));
        }

        return new RecordBatch(
            Schema(id),
            [
                new Int32Array.Builder().AppendRange(rows.Select(r => r.Kind)).Build(),
                new Int32Array.Builder().AppendRange(rows.Select(r => r.Code)).Build(),
                new Int64Array.Builder().AppendRange(rows.Select(r => r.Count)).Build(),
                ListColumns.Longs(sums, sumsAt),
                new Int64Array.Builder().AppendRange(rows.Select(r => (long)(r.Error >> 64))).Build(),
                new Int64Array.Builder().AppendRange(rows.Select(r => unchecked((long)(ulong)r.Error))).Build(),
                IdColumn.Build(id, rows.Select(r => r.Worst?.Id)),
                new DoubleArray.Builder().AppendRange(rows.Select(r => r.Worst?.Error ?? 0)).Build(),
                ListColumns.Floats([.. rows.SelectMany(r => r.Worst?.Vector ?? [])], vectorsAt),
            ],
            rows.Length);
    }

    private sealed record Row(int Kind, int Code, long Count)
    {
        public ReadOnlyMemory<long> Sums { get; init; }

        public WorstRow? Worst { get; init; }

        public Int128 Error { get; init; }
    }
}

/// <summary>Parameters of the kernels of a pass.</summary>
/// <param name="Scales">The level's scales.</param>
/// <param name="Worst">Number of worst-served rows to keep.</param>
/// <param name="CountOnly">Whether vector sums are omitted.</param>
public sealed record PassParameters(LevelScales Scales, int Worst, bool CountOnly)
{
    /// <summary>The kernel parameters; floats as their bits.</summary>
    public JsonObject ToJson() => new()
    {
        ["rows"] = Scales.Rows,
        ["dims"] = Scales.Dims,
        ["max_abs"] = BitConverter.SingleToInt32Bits(Scales.MaxAbs),
        ["worst"] = Worst,
        ["count_only"] = CountOnly,
    };

    /// <summary>Reads the kernel parameters.</summary>
    /// <param name="parameters">The parameters; others are ignored.</param>
    /// <param name="kernel">The kernel's name, for errors.</param>
    /// <exception cref="ArgumentException">An invalid parameter.</exception>
    public static PassParameters Read(JsonObject parameters, string kernel)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var scales = new LevelScales(
            KernelColumns.Parameter<long>(parameters, "rows", kernel),
            KernelColumns.Parameter<int>(parameters, "dims", kernel),
            BitConverter.Int32BitsToSingle(KernelColumns.Parameter<int>(parameters, "max_abs", kernel)));
        return new PassParameters(
            scales,
            KernelColumns.Parameter<int>(parameters, "worst", kernel),
            KernelColumns.Parameter<bool>(parameters, "count_only", kernel));
    }

    /// <summary>Empty sums for a pass.</summary>
    /// <param name="codes">k.</param>
    public PassSums Sums(int codes) => new(codes, Scales, Worst, CountOnly);
}
