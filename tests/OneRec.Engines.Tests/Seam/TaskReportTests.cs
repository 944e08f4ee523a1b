using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engines.Tests.Desks;
using OneRec.TestWorker;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Seam;

/// <summary>What tasks tell reaches whoever runs the step, and the time that they took is known.</summary>
public abstract class TaskReportTests(SparkDesk desk)
{
    [Fact]
    public void Lines_of_tasks_are_told_once_and_their_time_is_the_workers()
    {
        using var folder = new ScratchFolder();
        using IEngine engine = desk.Open(folder["tables"]);
        List<string> told = [];
        engine.OnMessage = told.Add;
        double before = Worker(engine);
        IRelation rows = engine.Sql(
            new SqlScript("SELECT x, CAST(x AS INT) AS part FROM r"), ("r", Batches.Longs(engine, ["x"], [[0], [1], [2]])));
        Assert.Equal(3, engine.Rows(engine.Map(rows, TaskKernel.Call(meet: 1), PartitionShape.ByPart("part", 3))).Count);
        Assert.Equal(["a task was here"], told);
        Assert.True(Worker(engine) >= before);
        Assert.Equal(["start", "planning", "jobs", "table logs and commits", "worker"], engine.Times.Select(t => t.What));
        Assert.True(engine.Times[0].Seconds > 0);
        Assert.True(engine.Times[2].Seconds > 0);
    }

    [Fact]
    public void Few_rows_that_are_much_work_are_spread_over_all_tasks()
    {
        using var folder = new ScratchFolder();
        using IEngine engine = desk.Open(folder["tables"]);
        IRelation one = engine.Sql(
            new SqlScript("SELECT x, CAST(x AS STRING) AS s FROM r ORDER BY x ASC NULLS FIRST"),
            ("r", Batches.Longs(engine, ["x"], [.. Enumerable.Range(0, 40).Select(i => new long?[] { i })])));
        Assert.Single(engine.Rows(engine.Map(one, TaskKernel.Call(meet: 1), PartitionShape.Any)));
        Assert.Equal(2, engine.Rows(engine.Map(one, TaskKernel.Call(meet: 2), PartitionShape.Even)).Count);
    }

    private static double Worker(IEngine engine) => engine.Times.Single(t => t.What == "worker").Seconds;
}

[Collection(Spark35Desk.Name)]
public sealed class TaskReportsOnSpark35Tests(Spark35Desk desk) : TaskReportTests(desk);

[Collection(Spark40Desk.Name)]
public sealed class TaskReportsOnSpark40Tests(Spark40Desk desk) : TaskReportTests(desk);
