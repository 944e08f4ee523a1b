using OneRec.Cli;
using OneRec.Engine;
using OneRec.Engine.Local;
using OneRec.Kernels.Batches;
using OneRec.TestWorker;

namespace OneRec.Engines.Tests.Desks;

/// <summary>The embedded engine, two threads.</summary>
public sealed class LocalDesk : EngineDesk
{
    public override IEngine Open(string tables) => Open(tables, TestKernels.Create());

    public override IEngine OpenShipped(string tables) => Open(tables, EngineFactory.Kernels());

    private static LocalEngine Open(string tables, KernelRegistry kernels) =>
        new(new LocalSettings(tables, 2, 1L << 30), kernels, TimeProvider.System, CancellationToken.None);
}
