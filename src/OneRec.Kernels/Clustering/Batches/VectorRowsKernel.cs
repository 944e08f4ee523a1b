using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Turns embeddings into training rows: adds the mini-batch of each row and its hash for init.</summary>
/// <remarks>
/// Input columns by name: <c>item_id</c>, <c>embedding</c>. Output: <c>item_id</c>, <c>batch</c> int, <c>init_hash</c>
/// long, <c>vector</c>. Parameters: <c>seed</c>, <c>batches</c>. Rows are independent.
/// </remarks>
public sealed class VectorRowsKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "vector-rows";

    private readonly long _seed;
    private readonly int _batches;

    private VectorRowsKernel(long seed, int batches)
    {
        _seed = seed;
        _batches = batches;
    }

    /// <summary>A call of this kernel.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="batches">B, at least 1.</param>
    public static KernelCall Call(IArrowType id, long seed, int batches) =>
        new(Name, new JsonObject { ["seed"] = seed, ["batches"] = batches }, Output(id));

    /// <summary>Creates the kernel.</summary>
    /// <exception cref="ArgumentException">An invalid parameter.</exception>
    public static VectorRowsKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new(
            KernelColumns.Parameter<long>(parameters, "seed", Name),
            KernelColumns.Parameter<int>(parameters, "batches", Name));
    }

    /// <summary>The columns of training rows.</summary>
    public static Schema Output(IArrowType id) => new(
        [
            new Field("item_id", id, nullable: false),
            new Field("batch", Int32Type.Default, nullable: false),
            new Field("init_hash", Int64Type.Default, nullable: false),
            new Field("vector", ListColumns.TypeOf(FloatType.Default), nullable: false),
        ],
        null);

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            IArrowArray ids = KernelColumns.Find(batch, "item_id", Name);
            IdColumn idOf = IdColumn.Of(ids);
            var batchOf = new Int32Array.Builder().Reserve(batch.Length);
            var hashOf = new Int64Array.Builder().Reserve(batch.Length);
            for (int row = 0; row < batch.Length; row++)
            {
                string id = idOf[row].ToString();
                batchOf.Append((int)(((ulong)StableHash.Order32(_seed, "batch", id) * (ulong)_batches) >> 32));
                hashOf.Append(StableHash.Order32(_seed, "init", id));
            }

            yield return new RecordBatch(
                Output(ids.Data.DataType),
                [
                    SharedColumn.Of(ids),
                    batchOf.Build(),
                    hashOf.Build(),
                    SharedColumn.Of(KernelColumns.Find(batch, "embedding", Name)),
                ],
                batch.Length);
        }
    }
}
