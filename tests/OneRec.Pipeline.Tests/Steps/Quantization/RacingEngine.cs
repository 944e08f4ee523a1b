using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Tables;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>An engine in which somebody else commits just before the first write to a table.</summary>
internal sealed class RacingEngine(IEngine engine, string table, Action<IEngine> rival) : EngineAround(engine)
{
    private bool _raced;

    public override WriteResult Write(IRelation rows, TableWrite write)
    {
        if (write.Table.Name == table && !_raced)
        {
            _raced = true;
            rival(Beneath);
        }

        return base.Write(rows, write);
    }
}
