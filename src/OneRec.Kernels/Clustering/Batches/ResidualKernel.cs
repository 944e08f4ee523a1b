using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Computes the next level's training rows: each vector minus its nearest centroid.</summary>
/// <remarks>
/// Input and output are training rows (<see cref="VectorRowsKernel.Output"/>). Side input <c>centroids</c>. Rows are
/// independent and keep their order.
/// </remarks>
public sealed class ResidualKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "residual";

    private ResidualKernel()
    {
    }

    /// <summary>A call of this kernel.</summary>
    public static KernelCall Call(IArrowType id) => new(Name, [], VectorRowsKernel.Output(id));

    /// <summary>Creates the kernel.</summary>
    public static ResidualKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new ResidualKernel();
    }

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        NearestCentroid? nearest = null;
        float[] centroids = [];
        try
        {
            foreach (RecordBatch batch in rows)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                if (nearest is null)
                {
                    centroids = CodebookRows.Read(context.Side(KMeansSumsKernel.CentroidsSide))[0];
                    int dims = VectorColumn.Of(KernelColumns.Find(batch, "vector", Name))[0].Length;
                    nearest = new NearestCentroid(centroids, dims);
                }

                yield return Subtract(batch, nearest, centroids, context);
            }
        }
        finally
        {
            nearest?.Dispose();
        }
    }

    private static RecordBatch Subtract(RecordBatch batch, NearestCentroid nearest, float[] centroids, KernelContext context)
    {
        IArrowArray ids = KernelColumns.Find(batch, "item_id", Name);
        ReadOnlySpan<float> vectors = VectorColumn.Of(KernelColumns.Find(batch, "vector", Name))
            .Matrix(nearest.Dims, IdColumn.Of(ids));
        var codes = new int[batch.Length];
        var errors = new double[batch.Length];
        nearest.Find(vectors, codes, errors, context.Threads, context.Cancellation);
        float[] left = vectors.ToArray();
        Residual.Subtract(left, centroids, codes, nearest.Dims);
        return new RecordBatch(
            VectorRowsKernel.Output(ids.Data.DataType),
            [
                SharedColumn.Of(ids),
                SharedColumn.Of(KernelColumns.Find(batch, "batch", Name)),
                SharedColumn.Of(KernelColumns.Find(batch, "init_hash", Name)),
                ListColumns.Floats(left, batch.Length),
            ],
            batch.Length);
    }
}
