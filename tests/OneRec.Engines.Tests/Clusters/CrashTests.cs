using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Tables;
using OneRec.Engines.Tests.Desks;
using OneRec.Engines.Tests.Seam;
using OneRec.TestWorker;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Clusters;

/// <summary>What dies in mid-task is replaced: the task is tried again, no row is lost and none comes twice.</summary>
public abstract class CrashTests(SparkDesk desk)
{
    // Other tests of the desk may ask Spark for what it looks for in Python.
    private readonly string _pythonCalls = desk.PythonCalls;
    private const int Rows = 60_000;

    [Theory]
    [InlineData("worker")]
    [InlineData("executor")]
    public void A_table_has_every_row_once(string who)
    {
        using var folder = new ScratchFolder();
        string marker = folder["killed"];
        using IEngine engine = desk.Open(folder["tables"]);
        IRelation rows = engine.Sql(
            new SqlScript("SELECT x, CAST(x % 2 AS INT) AS part FROM r"),
            ("r", Batches.Longs(engine, ["x"], [.. Enumerable.Range(0, Rows).Select(i => new long?[] { i })])));
        IRelation passed = engine.Map(rows, CrashKernel.Call(who, marker), PartitionShape.ByPart("part", 2));
        var table = new TableDefinition("passed", CrashKernel.Output, []);
        WriteResult result = engine.Write(passed, new TableWrite(table, new WriteMode.Append(), Batches.Note()));

        Assert.True(File.Exists(marker), $"no {who} was killed");
        Assert.Equal(Rows, Assert.IsType<WriteResult.Committed>(result).Rows);
        Assert.Equal(
            [$"{Rows} | {Rows} | 0 | {Rows - 1}"],
            engine.Rows(engine.Sql(
                new SqlScript("SELECT count(*), count(DISTINCT x), min(x), max(x) FROM t"), ("t", engine.ReadTable("passed")))));
        Assert.Equal(_pythonCalls, desk.PythonCalls);
    }
}

[Collection(TwoExecutorsDesk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class CrashOnTwoExecutorsTests(TwoExecutorsDesk desk) : CrashTests(desk);

[Collection(TwoCoresDesk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class CrashOnTwoCoresTests(TwoCoresDesk desk) : CrashTests(desk);

[Collection(TwoExecutors40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class CrashOnTwoExecutors40Tests(TwoExecutors40Desk desk) : CrashTests(desk);

[Collection(TwoCores40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class CrashOnTwoCores40Tests(TwoCores40Desk desk) : CrashTests(desk);
