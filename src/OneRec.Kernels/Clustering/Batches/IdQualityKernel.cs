using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Measures how well a partition's IDs represent the embeddings: errors and code usage, in integers.</summary>
/// <remarks>
/// Input columns by name: <c>item_id</c>, <c>vector</c> (the embedding), <c>codes</c>. Side input <c>codebook</c>. Parameter
/// <c>max_abs</c>: the maximum absolute value in all embeddings and residuals. Output rows (read by
/// <see cref="IdQuality"/>): <c>level</c> int, <c>code</c> int (-1 for a level's total), <c>items</c> long,
/// <c>error_high</c>, <c>error_low</c>. The given codes are used as they are; no nearest centroid is searched.
/// </remarks>
public sealed class IdQualityKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "id-quality";

    private readonly float _maxAbs;

    private IdQualityKernel(float maxAbs) => _maxAbs = maxAbs;

    /// <summary>A call of this kernel.</summary>
    /// <param name="maxAbs">The maximum absolute value in all embeddings and residuals.</param>
    public static KernelCall Call(float maxAbs) =>
        new(Name, new JsonObject { ["max_abs"] = BitConverter.SingleToInt32Bits(maxAbs) }, Output());

    /// <summary>Creates the kernel.</summary>
    /// <exception cref="ArgumentException">An invalid parameter.</exception>
    public static IdQualityKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new(BitConverter.Int32BitsToSingle(KernelColumns.Parameter<int>(parameters, "max_abs", Name)));
    }

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        IReadOnlyList<float[]> codebook = CodebookRows.Read(context.Side(EncodeKernel.CodebookSide));
        IdQuality? quality = null;
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            IdColumn ids = IdColumn.Of(KernelColumns.Find(batch, "item_id", Name));
            VectorColumn vectors = VectorColumn.Of(KernelColumns.Find(batch, "vector", Name));
            if (batch.Length == 0)
            {
                continue;
            }

            int dims = vectors[0].Length;
            quality ??= new IdQuality([.. codebook.Select(level => level.Length / dims)], FixedPoint.ForErrors(dims, _maxAbs));
            Add(vectors.Matrix(dims, ids), dims, ids, (ListArray)KernelColumns.Find(batch, "codes", Name), codebook, quality);
        }

        if (quality is not null)
        {
            yield return quality.Write(Output());
        }
    }

    private static Schema Output() => new(
        [
            new Field("level", Int32Type.Default, nullable: false),
            new Field("code", Int32Type.Default, nullable: false),
            new Field("items", Int64Type.Default, nullable: false),
            new Field("error_high", Int64Type.Default, nullable: false),
            new Field("error_low", Int64Type.Default, nullable: false),
        ],
        null);

    private static void Add(
        ReadOnlySpan<float> vectors,
        int dims,
        IdColumn ids,
        ListArray codes,
        IReadOnlyList<float[]> codebook,
        IdQuality quality)
    {
        ReadOnlySpan<int> values = ((Int32Array)codes.Values).Values;
        var left = new float[dims];
        for (int row = 0; row < codes.Length; row++)
        {
            ReadOnlySpan<int> id = values.Slice(codes.ValueOffsets[row], codes.GetValueLength(row));
            bool fits = id.Length == codebook.Count;
            vectors.Slice(row * dims, dims).CopyTo(left);
            for (int level = 0; fits && level < codebook.Count; level++)
            {
                fits = id[level] >= 0 && (id[level] + 1) * dims <= codebook[level].Length;
                if (fits)
                {
                    ReadOnlySpan<float> centroid = codebook[level].AsSpan(id[level] * dims, dims);
                    quality.Add(level, id[level], ExactDistance.Of(left, centroid));
                    Residual.Subtract(left, centroid, [0], dims);
                }
            }

            if (!fits)
            {
                throw OneRecException.Table(
                    "semantic-ids.codes",
                    $"semantic_ids: item {ids[row]} has codes {string.Join('-', id.ToArray())}, not in its codebook; assign it again");
            }
        }
    }
}
