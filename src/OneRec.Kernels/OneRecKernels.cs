using OneRec.Kernels.Batches;
using OneRec.Kernels.Pairs;
using OneRec.Kernels.Similarity;

namespace OneRec.Kernels;

/// <summary>The kernels of this assembly, the same in the driver and in a worker.</summary>
public static class OneRecKernels
{
    /// <summary>Adds every kernel to a registry.</summary>
    /// <returns>The registry.</returns>
    public static KernelRegistry Register(KernelRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Add(SwingBatchKernel.Name, parameters => new SwingBatchKernel(parameters));
        registry.Add(HistoryPairsBatchKernel.Name, parameters => new HistoryPairsBatchKernel(parameters));
        return registry;
    }
}
