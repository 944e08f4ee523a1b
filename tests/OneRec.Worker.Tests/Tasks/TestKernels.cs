using System.Text.Json.Nodes;
using Apache.Arrow;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Remote;

namespace OneRec.Worker.Tests.Tasks;

/// <summary>A registry whose kernels are functions.</summary>
public sealed class TestKernels
{
    public KernelRegistry Registry { get; } = WorkerKernels.Create();

    /// <summary>Adds a kernel and gives the bytes of a command that calls it.</summary>
    public byte[] Add(
        string name,
        Schema output,
        Func<IEnumerable<RecordBatch>, KernelContext, IEnumerable<RecordBatch>> run,
        Dictionary<string, long>? sides = null)
    {
        Registry.Add(name, _ => new Lambda(run));
        return Command(new KernelCall(name, [], output), sides);
    }

    public static byte[] Command(KernelCall call, Dictionary<string, long>? sides = null) =>
        new WorkerCommand(call, sides ?? [], 1 << 20).Write();

    public static byte[] Command(string name, JsonObject parameters, Schema output) => Command(new KernelCall(name, parameters, output));

    private sealed class Lambda(Func<IEnumerable<RecordBatch>, KernelContext, IEnumerable<RecordBatch>> run) : IBatchKernel
    {
        public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context) => run(rows, context);
    }
}
