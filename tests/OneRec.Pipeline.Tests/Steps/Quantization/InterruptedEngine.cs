using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Tables;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Batches;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>An engine that counts passes of k-means by level, and whose process dies where it is told to.</summary>
/// <param name="engine">The engine beneath.</param>
/// <param name="afterLevel">Dies once so many levels are saved, before another pass; null: never.</param>
/// <param name="atTable">Dies at the first write to this table; null: never.</param>
internal sealed class InterruptedEngine(IEngine engine, int? afterLevel = null, string? atTable = null)
    : EngineAround(engine), ICheckpoints
{
    /// <summary>Passes of k-means by the levels that were saved before.</summary>
    public Dictionary<int, int> Passes { get; } = [];

    /// <summary>Levels saved.</summary>
    public int Saved { get; private set; }

    public override ICheckpoints Checkpoints => this;

    public byte[]? Load(string step, string name) => Beneath.Checkpoints.Load(step, name);

    public void Save(string step, string name, byte[] bytes)
    {
        Beneath.Checkpoints.Save(step, name, bytes);
        Saved += step == "train" ? 1 : 0;
    }

    public bool TryCreate(string step, string name, byte[] bytes) => Beneath.Checkpoints.TryCreate(step, name, bytes);

    public IReadOnlyList<string> Names(string step) => Beneath.Checkpoints.Names(step);

    public void Remove(string step, string name) => Beneath.Checkpoints.Remove(step, name);

    public void Clear(string step) => Beneath.Checkpoints.Clear(step);

    public override IRelation Map(
        IRelation rows, KernelCall kernel, PartitionShape shape, params ReadOnlySpan<(string Name, IRelation Relation)> sides)
    {
        if (kernel.Name == KMeansSumsKernel.Name)
        {
            Passes[Saved] = Saved == afterLevel ? throw new OperationCanceledException("killed") : Passes.GetValueOrDefault(Saved) + 1;
        }

        return base.Map(rows, kernel, shape, sides);
    }

    public override WriteResult Write(IRelation rows, TableWrite write) =>
        write.Table.Name == atTable ? throw new OperationCanceledException("killed") : base.Write(rows, write);
}
