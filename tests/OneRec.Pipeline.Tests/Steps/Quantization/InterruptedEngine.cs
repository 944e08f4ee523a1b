using Apache.Arrow;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Pipeline.Engine;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>An engine that counts passes of k-means by level, and whose process dies where it is told to.</summary>
/// <param name="engine">The engine beneath.</param>
/// <param name="afterLevel">Dies once so many levels are saved, before another pass; null: never.</param>
/// <param name="atTable">Dies at the first write to this table; null: never.</param>
internal sealed class InterruptedEngine(IEngine engine, int? afterLevel = null, string? atTable = null) : IEngine, ICheckpoints
{
    /// <summary>Passes of k-means by the levels that were saved before.</summary>
    public Dictionary<int, int> Passes { get; } = [];

    /// <summary>Levels saved.</summary>
    public int Saved { get; private set; }

    public string Name => engine.Name;

    public ITableStore Tables => engine.Tables;

    public ICheckpoints Checkpoints => this;

    public Action<KernelProgress>? Progress
    {
        get => engine.Progress;
        set => engine.Progress = value;
    }

    public byte[]? Load(string step, string name) => engine.Checkpoints.Load(step, name);

    public void Save(string step, string name, byte[] bytes)
    {
        engine.Checkpoints.Save(step, name, bytes);
        Saved++;
    }

    public void Clear(string step) => engine.Checkpoints.Clear(step);

    public IRelation ReadText(TextSource source) => engine.ReadText(source);

    public IRelation ReadParquet(ParquetSource source) => engine.ReadParquet(source);

    public IRelation ReadDelta(DeltaSource source) => engine.ReadDelta(source);

    public IRelation ReadTable(string table, long? version = null) => engine.ReadTable(table, version);

    public IRelation FromRows(Schema schema, IReadOnlyList<RecordBatch> rows) => engine.FromRows(schema, rows);

    public IRelation Sql(SqlScript script, params ReadOnlySpan<(string Name, IRelation Relation)> inputs) =>
        engine.Sql(script, inputs);

    public IRelation Map(
        IRelation rows,
        KernelCall kernel,
        PartitionShape shape,
        params ReadOnlySpan<(string Name, IRelation Relation)> sides)
    {
        if (kernel.Name == KMeansSumsKernel.Name)
        {
            Passes[Saved] = Saved == afterLevel ? throw new OperationCanceledException("killed") : Passes.GetValueOrDefault(Saved) + 1;
        }

        return engine.Map(rows, kernel, shape, sides);
    }

    public IRelation AttachVectors(IRelation rows, VectorSource source) => engine.AttachVectors(rows, source);

    public IKeptRelation Keep(IRelation rows, ScratchLayout layout = default) => engine.Keep(rows, layout);

    public IEnumerable<RecordBatch> Collect(IRelation rows) => engine.Collect(rows);

    public WriteResult Write(IRelation rows, TableWrite write) =>
        write.Table.Name == atTable ? throw new OperationCanceledException("killed") : engine.Write(rows, write);

    public void Dispose() => engine.Dispose();
}
