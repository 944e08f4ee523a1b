using OneRec.Engine;

namespace OneRec.Engines.Tests.Desks;

/// <summary>Opens engines of one kind; what is dear to start is started once and shared.</summary>
public abstract class EngineDesk
{
    /// <summary>An engine over a folder of tables, with the kernels of <see cref="TestWorker.TestKernels"/>.</summary>
    public abstract IEngine Open(string tables);

    /// <summary>An engine over a folder of tables, with the kernels that are shipped and no others.</summary>
    public abstract IEngine OpenShipped(string tables);
}
