using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Batches;

namespace OneRec.Kernels.Clustering;

/// <summary>The kernels of this folder by name.</summary>
public static class ClusteringKernels
{
    /// <summary>Adds them to a registry.</summary>
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
            .Add(CapacityKernel.Name, CapacityKernel.Create)
            .Add(IdQualityKernel.Name, IdQualityKernel.Create)
            .Add(DirectionSumsKernel.Name, DirectionSumsKernel.Create);
    }
}
