using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering;
using OneRec.Kernels.Hashing;
using OneRec.Kernels.Pairs;
using OneRec.Kernels.Similarity;
using OneRec.Kernels.Texts;

namespace OneRec.Kernels;

/// <summary>The kernels of this project by name; one line a kernel.</summary>
public static class OneRecKernels
{
    /// <summary>Adds them all to a registry.</summary>
    /// <returns>The registry.</returns>
    public static KernelRegistry Register(KernelRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ClusteringKernels.Register(registry);
        return registry
            .Add(ContentHashKernel.Name, ContentHashKernel.Create)
            .Add(SwingBatchKernel.Name, parameters => new SwingBatchKernel(parameters))
            .Add(HistoryPairsBatchKernel.Name, parameters => new HistoryPairsBatchKernel(parameters))
            .Add(JoinTextsKernel.Name, parameters => new JoinTextsKernel(parameters));
    }
}
