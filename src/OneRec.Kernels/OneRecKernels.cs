using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Kernels.Hashing;
using OneRec.Kernels.Pairs;
using OneRec.Kernels.Ranking;
using OneRec.Kernels.Similarity;
using OneRec.Kernels.Texts;

namespace OneRec.Kernels;

/// <summary>Registers this project's kernels, one line per kernel.</summary>
public static class OneRecKernels
{
    /// <summary>Adds all kernels to a registry.</summary>
    /// <returns>The registry.</returns>
    public static KernelRegistry Register(KernelRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .Add(VectorRowsKernel.Name, VectorRowsKernel.Create)
            .Add(VectorStatsKernel.Name, VectorStatsKernel.Create)
            .Add(FirstRowsKernel.Name, FirstRowsKernel.Create)
            .Add(KMeansSumsKernel.Name, KMeansSumsKernel.Create)
            .Add(MergeSumsKernel.Name, MergeSumsKernel.Create)
            .Add(ResidualKernel.Name, ResidualKernel.Create)
            .Add(EncodeKernel.Name, EncodeKernel.Create)
            .Add(EmbeddingHashKernel.Name, EmbeddingHashKernel.Create)
            .Add(CapacityKernel.Name, CapacityKernel.Create)
            .Add(IdQualityKernel.Name, IdQualityKernel.Create)
            .Add(DirectionSumsKernel.Name, DirectionSumsKernel.Create)
            .Add(ContentHashKernel.Name, ContentHashKernel.Create)
            .Add(NearestItemsKernel.Name, NearestItemsKernel.Create)
            .Add(SwingBatchKernel.Name, parameters => new SwingBatchKernel(parameters))
            .Add(HistoryPairsBatchKernel.Name, parameters => new HistoryPairsBatchKernel(parameters))
            .Add(ItemWordsKernel.Name, ItemWordsKernel.Create)
            .Add(TellingWordsKernel.Name, TellingWordsKernel.Create)
            .Add(JoinTextsKernel.Name, parameters => new JoinTextsKernel(parameters));
    }
}
