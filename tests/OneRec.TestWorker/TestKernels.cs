using OneRec.Kernels.Batches;
using OneRec.Worker;

namespace OneRec.TestWorker;

/// <summary>The worker's kernels and those of tests.</summary>
public static class TestKernels
{
    public static KernelRegistry Create() => WorkerKernels.Create()
        .Add(PartsKernel.Name, _ => new PartsKernel())
        .Add(RunsKernel.Name, _ => new RunsKernel())
        .Add(LookUpKernel.Name, LookUpKernel.Create)
        .Add(BatchSizesKernel.Name, _ => new BatchSizesKernel())
        .Add(FaultKernel.Name, FaultKernel.Create)
        .Add(StampKernel.Name, _ => new StampKernel())
        .Add(EchoKernel.Name, EchoKernel.Create)
        .Add(TaskKernel.Name, TaskKernel.Create)
        .Add(CrashKernel.Name, CrashKernel.Create);
}
