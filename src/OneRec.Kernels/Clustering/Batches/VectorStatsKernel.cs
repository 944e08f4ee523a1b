using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Computes statistics of vectors before they are used: one row per dimension that occurs.</summary>
/// <remarks>
/// Input columns by name: <c>item_id</c>, <c>vector</c>. Output, one row per dimension and partition: <c>dims</c> int,
/// <c>rows</c> long, <c>lowest_id</c>; of the finite rows <c>max_abs</c> float, <c>max_norm</c> double and
/// <c>max_norm_id</c> (the lowest id with that norm; null without a finite row); <c>bad_id</c>, the lowest id whose vector
/// is null, contains a null or is not finite (null if all are finite); <c>norms</c>, the norms greater than 0 of the finite
/// rows, if parameter <c>norms</c> requests them. <see cref="VectorStats"/> merges the partitions.
/// </remarks>
public sealed class VectorStatsKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "vector-stats";

    private readonly bool _norms;

    private VectorStatsKernel(bool norms) => _norms = norms;

    /// <summary>A call of this kernel.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    /// <param name="norms">Whether to return all norms.</param>
    public static KernelCall Call(IArrowType id, bool norms = false) =>
        new(Name, new JsonObject { ["norms"] = norms }, Output(id));

    /// <summary>Creates the kernel.</summary>
    /// <exception cref="ArgumentException">An invalid parameter.</exception>
    public static VectorStatsKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new(KernelColumns.Parameter<bool>(parameters, "norms", Name));
    }

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        var lengths = new SortedDictionary<int, VectorStats>();
        IArrowType? type = null;
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            IArrowArray ids = KernelColumns.Find(batch, "item_id", Name);
            type = ids.Data.DataType;
            IdColumn idOf = IdColumn.Of(ids);
            VectorColumn vectors = VectorColumn.Of(KernelColumns.Find(batch, "vector", Name));
            for (int row = 0; row < batch.Length; row++)
            {
                int dims = vectors[row].Length;
                if (!lengths.TryGetValue(dims, out VectorStats? stats))
                {
                    lengths.Add(dims, stats = new VectorStats(dims));
                }

                stats.Add(idOf, row, vectors, _norms);
            }
        }

        if (type is not null)
        {
            yield return Build(type, [.. lengths.Values]);
        }
    }

    private static Schema Output(IArrowType id) => new(
        [
            new Field("dims", Int32Type.Default, nullable: false),
            new Field("rows", Int64Type.Default, nullable: false),
            new Field("lowest_id", id, nullable: false),
            new Field("max_abs", FloatType.Default, nullable: false),
            new Field("max_norm", DoubleType.Default, nullable: false),
            new Field("max_norm_id", id, nullable: true),
            new Field("bad_id", id, nullable: true),
            new Field("norms", ListColumns.TypeOf(DoubleType.Default), nullable: false),
        ],
        null);

    private static RecordBatch Build(IArrowType id, VectorStats[] stats)
    {
        int[] offsets = ListColumns.Offsets(stats.Select(s => s.Norms.Count));
        return new RecordBatch(
            Output(id),
            [
                new Int32Array.Builder().AppendRange(stats.Select(s => s.Dims)).Build(),
                new Int64Array.Builder().AppendRange(stats.Select(s => s.Rows)).Build(),
                IdColumn.Build(id, stats.Select(s => s.LowestId)),
                new FloatArray.Builder().AppendRange(stats.Select(s => s.MaxAbs)).Build(),
                new DoubleArray.Builder().AppendRange(stats.Select(s => s.MaxNorm)).Build(),
                IdColumn.Build(id, stats.Select(s => s.MaxNormId)),
                IdColumn.Build(id, stats.Select(s => s.BadId)),
                ListColumns.Doubles([.. stats.SelectMany(s => s.Norms)], offsets),
            ],
            stats.Length);
    }
}
