using OneRec.Kernels;
using OneRec.Kernels.Batches;

namespace OneRec.Worker;

/// <summary>The kernels that an executor's worker can run: those that the driver can call.</summary>
public static class WorkerKernels
{
    /// <summary>A registry of them all.</summary>
    public static KernelRegistry Create() => OneRecKernels.Register(new KernelRegistry());
}
