using OneRec.Csv.Kernels;
using OneRec.Kernels;
using OneRec.Kernels.Batches;
using OneRec.Scoring;

namespace OneRec.Worker;

/// <summary>The kernels that a worker can run, the same ones that the driver can call.</summary>
public static class WorkerKernels
{
    /// <summary>A registry with all of them.</summary>
    public static KernelRegistry Create() => CsvRecordsKernel.Register(ScoringKernels.Register(OneRecKernels.Register(new KernelRegistry())));
}
