using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;
using OneRec.Kernels.Clustering.Training;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>A partition's part of a k-means pass: assigns rows to their nearest centroids and sums them in integers.</summary>
/// <remarks>
/// Input columns by name: <c>item_id</c>, <c>vector</c>. Side input <c>centroids</c>: <c>code</c>, <c>centroid</c>.
/// Parameters: the level's <c>rows</c>, <c>dims</c>, <c>max_abs</c> (its scales), <c>worst</c>, <c>count_only</c>.
/// There are three kinds of output rows (read by <see cref="PassRows"/>): the sums of a code, a worst-served row, the totals.
/// </remarks>
public sealed class KMeansSumsKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "kmeans-sums";

    /// <summary>The name of the side input.</summary>
    public const string CentroidsSide = "centroids";

    private readonly PassParameters _pass;

    private KMeansSumsKernel(PassParameters pass) => _pass = pass;

    /// <summary>A call of this kernel.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    /// <param name="pass">Parameters of the pass.</param>
    public static KernelCall Call(IArrowType id, PassParameters pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return new KernelCall(Name, pass.ToJson(), PassRows.Schema(id));
    }

    /// <summary>Creates the kernel.</summary>
    /// <exception cref="ArgumentException">An invalid parameter.</exception>
    public static KMeansSumsKernel Create(JsonObject parameters) => new(PassParameters.Read(parameters, Name));

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        using var nearest = new NearestCentroid(CodebookRows.Read(context.Side(CentroidsSide))[0], _pass.Scales.Dims);
        var sums = _pass.Sums(nearest.Codes);
        IArrowType? type = null;
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            IArrowArray ids = KernelColumns.Find(batch, "item_id", Name);
            type = ids.Data.DataType;
            Add(batch, IdColumn.Of(ids), nearest, sums, context);
        }

        if (type is null)
        {
            yield break;
        }

        foreach (RecordBatch part in PassRows.Write(type, sums, _pass.Scales.Dims))
        {
            yield return part;
        }
    }

    private void Add(RecordBatch batch, IdColumn ids, NearestCentroid nearest, PassSums sums, KernelContext context)
    {
        ReadOnlySpan<float> vectors = VectorColumn.Of(KernelColumns.Find(batch, "vector", Name)).Matrix(_pass.Scales.Dims, ids);
        var codes = new int[batch.Length];
        var errors = new double[batch.Length];
        nearest.Find(vectors, codes, errors, context.Threads, context.Cancellation);
        sums.Add(vectors, codes, errors, row => ids[row], context.Threads);
    }
}
