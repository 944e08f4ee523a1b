namespace OneRec.Kernels.Clustering.Training;

/// <summary>Makes passes over a level's rows, wherever they are: in memory, in scratch files, on executors.</summary>
public interface IBatchPasses
{
    /// <summary>Batches.</summary>
    int Batches { get; }

    /// <summary>Assigns a batch's rows to the nearest centroids and sums them up.</summary>
    /// <param name="batch">0 to Batches - 1.</param>
    /// <param name="centroids">[k, d] row-major, frozen for the pass.</param>
    /// <param name="worst">Worst-served rows to keep.</param>
    /// <param name="countOnly">Whether sums of vectors may be left out.</param>
    PassSums Pass(int batch, float[] centroids, int worst, bool countOnly);
}
