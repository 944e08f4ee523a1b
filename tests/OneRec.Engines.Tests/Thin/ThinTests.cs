using OneRec.Engine;
using OneRec.Engine.Tables;
using OneRec.Engines.Tests.Desks;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Thin;

/// <summary>The case <c>thin</c> with what is shipped: the same rows as an independent program's, on each engine.</summary>
public abstract class ThinTests(EngineDesk desk)
{
    [Fact]
    public void Thin_gives_the_rows_that_an_independent_program_gives()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.OpenShipped(tables.Path);
        (List<string> rows, WriteResult written) = ThinCase.Run(engine);
        Assert.Equal(ThinCase.Expected(), rows);
        Assert.Equal(new WriteResult.Committed(0, rows.Count), written);
    }
}

public sealed class ThinOnLocalTests() : ThinTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
public sealed class ThinOnSpark35Tests(Spark35Desk desk) : ThinTests(desk);

[Collection(Spark40Desk.Name)]
public sealed class ThinOnSpark40Tests(Spark40Desk desk) : ThinTests(desk);
