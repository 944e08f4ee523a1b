using OneRec.Csv.Kernels;
using OneRec.Kernels;
using OneRec.Kernels.Batches;
using OneRec.Scoring;

namespace OneRec.Worker;

/// <summary>The kernels that an executor's worker can run: those that the driver can call.</summary>
public static class WorkerKernels
{
    /// <summary>A registry of them all.</summary>
    public static KernelRegistry Create() => CsvRecordsKernel.Register(ScoringKernels.Register(OneRecKernels.Register(new KernelRegistry())));
}
