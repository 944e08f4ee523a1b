using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;
using OneRec.Kernels.Clustering.Training;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Selects a partition's first training rows in init order, so that only these are sorted and sent.</summary>
/// <remarks>
/// Input columns by name: <c>item_id</c>, <c>init_hash</c>, <c>vector</c>. Output: the same, in init order.
/// Parameter: <c>wanted</c>, the maximum number of rows. Holds that many vectors in memory.
/// </remarks>
public sealed class FirstRowsKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "first-rows";

    // Vector bytes per batch, well below the limit of 64 MiB for a record batch.
    private const int BatchBytes = 16 << 20;

    private static readonly IComparer<SampleRow> LastFirst = Comparer<SampleRow>.Create((a, b) => SampleRow.InitOrder.Compare(b, a));

    private readonly int _wanted;

    private FirstRowsKernel(int wanted) => _wanted = wanted;

    /// <summary>A call of this kernel.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    /// <param name="wanted">Maximum rows, at least 1.</param>
    public static KernelCall Call(IArrowType id, int wanted) => new(Name, new JsonObject { ["wanted"] = wanted }, Output(id));

    /// <summary>Creates the kernel.</summary>
    /// <exception cref="ArgumentException">An invalid parameter.</exception>
    public static FirstRowsKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new(KernelColumns.Parameter<int>(parameters, "wanted", Name));
    }

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        var first = new PriorityQueue<SampleRow, SampleRow>(LastFirst);
        IArrowType? type = null;
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            IArrowArray ids = KernelColumns.Find(batch, "item_id", Name);
            type = ids.Data.DataType;
            Offer(batch, IdColumn.Of(ids), first);
        }

        if (type is null || first.Count == 0)
        {
            yield break;
        }

        SampleRow[] ordered = [.. first.UnorderedItems.Select(row => row.Element).Order(SampleRow.InitOrder)];
        foreach (SampleRow[] some in ordered.Chunk(Math.Max(1, BatchBytes / (sizeof(float) * ordered[0].Vector.Length))))
        {
            yield return Build(type, some);
        }
    }

    private static Schema Output(IArrowType id) => new(
        [
            new Field("item_id", id, nullable: false),
            new Field("init_hash", Int64Type.Default, nullable: false),
            new Field("vector", ListColumns.TypeOf(FloatType.Default), nullable: false),
        ],
        null);

    private static RecordBatch Build(IArrowType id, SampleRow[] rows)
    {
        int[] offsets = ListColumns.Offsets(rows.Select(row => row.Vector.Length));
        return new RecordBatch(
            Output(id),
            [
                IdColumn.Build(id, rows.Select(row => (ItemId?)row.Id)),
                new Int64Array.Builder().AppendRange(rows.Select(row => row.Hash)).Build(),
                ListColumns.Floats([.. rows.SelectMany(row => row.Vector)], offsets),
            ],
            rows.Length);
    }

    private void Offer(RecordBatch batch, IdColumn ids, PriorityQueue<SampleRow, SampleRow> first)
    {
        ReadOnlySpan<long> hashes = ((Int64Array)KernelColumns.Find(batch, "init_hash", Name)).Values;
        VectorColumn vectors = VectorColumn.Of(KernelColumns.Find(batch, "vector", Name));
        for (int i = 0; i < batch.Length; i++)
        {
            // Most rows of a large partition are rejected by their hash alone.
            if (first.Count == _wanted && hashes[i] > first.Peek().Hash)
            {
                continue;
            }

            var row = new SampleRow(hashes[i], ids[i], vectors[i].ToArray());
            first.Enqueue(row, row);
            if (first.Count > _wanted)
            {
                first.Dequeue();
            }
        }
    }
}
