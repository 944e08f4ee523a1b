using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Tables;

namespace OneRec.Pipeline.Tests.Steps.Embed;

/// <summary>An engine whose process dies before the nth write to a table.</summary>
internal sealed class DyingEngine(IEngine engine, string table, int nth) : EngineAround(engine)
{
    private int _writes;

    public override WriteResult Write(IRelation rows, TableWrite write) => write.Table.Name == table && ++_writes == nth
        ? throw new OperationCanceledException("killed")
        : base.Write(rows, write);
}
