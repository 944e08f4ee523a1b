using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Sources;
using OneRec.Engine.Tables;
using OneRec.Kernels.Batches;

namespace OneRec.Pipeline.Tests.Steps;

/// <summary>An engine around another, which tests change in one place.</summary>
internal abstract class EngineAround(IEngine engine) : IEngine
{
    public string Name => engine.Name;

    public virtual EngineScale Scale => engine.Scale;

    public IReadOnlyList<TimeShare> Times => engine.Times;

    public EngineBytes Bytes => engine.Bytes;

    public ITableStore Tables => engine.Tables;

    public ITableUpkeep Upkeep => engine.Upkeep;

    public virtual ICheckpoints Checkpoints => engine.Checkpoints;

    public Action<KernelProgress>? Progress
    {
        get => engine.Progress;
        set => engine.Progress = value;
    }

    public Action<string>? OnMessage
    {
        get => engine.OnMessage;
        set => engine.OnMessage = value;
    }

    /// <summary>The engine beneath.</summary>
    protected IEngine Beneath => engine;

    public IInputStore Inputs => engine.Inputs;

    public IRelation ReadStored(TableColumns source) => engine.ReadStored(source);

    public IRelation ReadCsv(CsvFiles source) => engine.ReadCsv(source);

    public IReadOnlyList<CsvPart> CsvParts(CsvFiles source) => engine.CsvParts(source);

    public IRelation ReadParquet(ParquetFiles source) => engine.ReadParquet(source);

    public IRelation ReadDelta(DeltaFiles source) => engine.ReadDelta(source);

    public IRelation ReadTable(string table, long? version = null) => engine.ReadTable(table, version);

    public IRelation FromRows(Schema schema, IReadOnlyList<RecordBatch> rows) => engine.FromRows(schema, rows);

    public IRelation Sql(SqlScript script, params ReadOnlySpan<(string Name, IRelation Relation)> inputs) =>
        engine.Sql(script, inputs);

    public virtual IRelation Map(
        IRelation rows, KernelCall kernel, PartitionShape shape, params ReadOnlySpan<(string Name, IRelation Relation)> sides) =>
        engine.Map(rows, kernel, shape, sides);

    public IRelation MapParts(IRelation rows, KernelCall kernel, PartitionShape shape, (string Name, IRelation Relation) side) =>
        engine.MapParts(rows, kernel, shape, side);

    public IRelation VectorPlaces(VectorFiles source, IArrowType id) => engine.VectorPlaces(source, id);

    public IRelation AttachVectors(IRelation rows, VectorFiles source) => engine.AttachVectors(rows, source);

    public IRelation ImagePlaces(ImageFiles source, IArrowType id) => engine.ImagePlaces(source, id);

    public IRelation AttachImages(IRelation rows, ImageFiles source) => engine.AttachImages(rows, source);

    public IMaterializedRelation Materialize(IRelation rows, ScratchLayout layout = default) => engine.Materialize(rows, layout);

    public IEnumerable<RecordBatch> Collect(IRelation rows) => engine.Collect(rows);

    public virtual WriteResult Write(IRelation rows, TableWrite write) => engine.Write(rows, write);

    public void Dispose() => engine.Dispose();
}
