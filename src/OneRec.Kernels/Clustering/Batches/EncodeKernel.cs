using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Encodes embeddings into codes.</summary>
/// <remarks>
/// Input columns by name: <c>item_id</c>, <c>embedding</c>. Side input <c>codebook</c>: <c>level</c>, <c>code</c>,
/// <c>centroid</c>. Output: <c>item_id</c>, <c>codes</c>, <c>sid</c>, <c>first_code</c>, <c>nearest_code</c> (of the last
/// level), <c>error</c> (the distance at the last level, as float), <c>embedding_hash</c>, <c>level_errors</c> (the
/// distance at each level). Rows are independent and keep their order.
/// </remarks>
public sealed class EncodeKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "encode";

    /// <summary>The name of the side input.</summary>
    public const string CodebookSide = "codebook";

    private EncodeKernel()
    {
    }

    /// <summary>A call of this kernel.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    public static KernelCall Call(IArrowType id) => new(Name, [], Output(id));

    /// <summary>Creates the kernel.</summary>
    public static EncodeKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new EncodeKernel();
    }

    /// <inheritdoc/>
    /// <exception cref="OneRecException">A damaged codebook, or a vector of the wrong length or not finite (names the item).</exception>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        RqEncoder? encoder = null;
        long done = 0;
        try
        {
            foreach (RecordBatch batch in rows)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                encoder ??= Open(context);
                yield return Encode(batch, encoder, context);
                done += batch.Length;
                context.Progress?.Invoke(new KernelProgress(done, 0, "items"));
            }
        }
        finally
        {
            encoder?.Dispose();
        }
    }

    private static Schema Output(IArrowType id) => new(
        [
            new Field("item_id", id, nullable: false),
            new Field("codes", ListColumns.TypeOf(Int32Type.Default), nullable: false),
            new Field("sid", StringType.Default, nullable: false),
            new Field("first_code", Int32Type.Default, nullable: false),
            new Field("nearest_code", Int32Type.Default, nullable: false),
            new Field("error", FloatType.Default, nullable: false),
            new Field("embedding_hash", StringType.Default, nullable: false),
            new Field("level_errors", ListColumns.TypeOf(DoubleType.Default), nullable: false),
        ],
        null);

    private static RqEncoder Open(KernelContext context) => new(
        CodebookRows.Read(context.Side(CodebookSide)),
        CodebookRows.DimsOf(context.Side(CodebookSide)));

    private static RecordBatch Encode(RecordBatch batch, RqEncoder encoder, KernelContext context)
    {
        int n = batch.Length;
        int levels = encoder.Levels;
        IArrowArray ids = KernelColumns.Find(batch, "item_id", Name);
        IdColumn idOf = IdColumn.Of(ids);
        ReadOnlySpan<float> vectors = VectorColumn.Of(KernelColumns.Find(batch, "embedding", Name)).Matrix(encoder.Dims, idOf);
        var hashes = new StringArray.Builder();
        for (int row = 0; row < n; row++)
        {
            ReadOnlySpan<float> vector = vectors.Slice(row * encoder.Dims, encoder.Dims);
            RequireFinite(vector, idOf, row);
            hashes.Append(EmbeddingHash.Of(vector));
        }

        var codes = new int[n * levels];
        var errors = new double[n * levels];
        encoder.Encode(vectors, codes, errors, context.Threads, context.Cancellation);
        var sids = new StringArray.Builder();
        for (int row = 0; row < n; row++)
        {
            sids.Append(string.Join('-', codes.Skip(row * levels).Take(levels)));
        }

        IEnumerable<int> rows = Enumerable.Range(0, n);
        return new RecordBatch(
            Output(ids.Data.DataType),
            [
                SharedColumn.Of(ids),
                ListColumns.Ints(codes, n),
                sids.Build(),
                new Int32Array.Builder().AppendRange(rows.Select(row => codes[row * levels])).Build(),
                new Int32Array.Builder().AppendRange(rows.Select(row => codes[((row + 1) * levels) - 1])).Build(),
                new FloatArray.Builder().AppendRange(rows.Select(row => (float)errors[((row + 1) * levels) - 1])).Build(),
                hashes.Build(),
                ListColumns.Doubles(errors, n),
            ],
            n);
    }

    private static void RequireFinite(ReadOnlySpan<float> vector, IdColumn ids, int row)
    {
        foreach (float value in vector)
        {
            if (!float.IsFinite(value))
            {
                throw OneRecException.Input(
                    "embedding.not-finite",
                    $"item_embeddings: the embedding of item {ids[row]} holds a number that is not finite; embed it again");
            }
        }
    }
}
