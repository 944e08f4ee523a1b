using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Training;

/// <summary>Makes passes over a level's rows, wherever they are stored: in memory, in scratch files, on executors.</summary>
public interface IBatchPasses
{
    /// <summary>Number of batches.</summary>
    int Batches { get; }

    /// <summary>Assigns a batch's rows to their nearest centroids and sums them.</summary>
    /// <param name="batch">0 to Batches - 1.</param>
    /// <param name="centroids">[k, d] row-major, constant during the pass.</param>
    /// <param name="worst">Number of worst-served rows to keep.</param>
    /// <param name="countOnly">Whether vector sums may be omitted.</param>
    PassSums Pass(int batch, float[] centroids, int worst, bool countOnly);
}

/// <summary>Passes over rows in memory.</summary>
/// <param name="batches">Rows of each batch, [n_b, d] row-major.</param>
/// <param name="ids">Ids of each batch's rows.</param>
/// <param name="scales">The level's scales.</param>
/// <param name="threads">Threads to use.</param>
/// <param name="cancellation">Checked between blocks.</param>
public sealed class MemoryPasses(
    IReadOnlyList<float[]> batches,
    IReadOnlyList<ItemId[]> ids,
    LevelScales scales,
    int threads,
    CancellationToken cancellation = default) : IBatchPasses
{
    /// <inheritdoc/>
    public int Batches => batches.Count;

    /// <inheritdoc/>
    public PassSums Pass(int batch, float[] centroids, int worst, bool countOnly)
    {
        ArgumentNullException.ThrowIfNull(centroids);
        using var nearest = new NearestCentroid(centroids, scales.Dims);
        var sums = new PassSums(nearest.Codes, scales, worst, countOnly);
        int n = ids[batch].Length;
        var codes = new int[n];
        var errors = new double[n];
        nearest.Find(batches[batch], codes, errors, threads, cancellation);
        sums.Add(batches[batch], codes, errors, row => ids[batch][row], threads);
        return sums;
    }
}
