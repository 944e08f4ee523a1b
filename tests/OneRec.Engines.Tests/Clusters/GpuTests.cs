using OneRec.Cli;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engines.Tests.Desks;
using OneRec.Engines.Tests.Job;
using OneRec.Engines.Tests.Seam;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.TestWorker;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Clusters;

/// <summary>GPUs as a cluster hands them out: two tasks of an executor get two, and scoring without CUDA is refused.</summary>
public abstract class GpuTests(SparkDesk desk)
{
    [Fact]
    public void Two_tasks_of_one_executor_get_different_gpus()
    {
        using var folder = new ScratchFolder();
        using IEngine engine = desk.Open(folder["tables"]);
        List<string> tasks = engine.SortedRows(Tasks(engine, TaskKernel.Call(meet: 2) with { UsesGpu = true }));
        Assert.Equal(2, tasks.Count);
        string[][] fields = [.. tasks.Select(t => t.Split(" | "))];
        Assert.Equal(fields[0][0], fields[1][0]);
        Assert.Equal(["'0'", "'1'"], fields.Select(f => f[1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Scoring_on_gpus_that_are_not_there_is_refused_in_one_line()
    {
        Skip.When(Desk.HasCuda, "this desk has a GPU: nothing is refused");
        using var sample = new SampleCase();
        OneRecOptions options = sample.First("tables");
        options = options with { Sections = [options.Section<EmbedOptions>() with { Device = "cuda" }] };
        using IEngine engine = desk.OpenShipped(sample.PathOf("tables"));
        var runner = new JobRunner(engine, options, new QuietObserver(), TimeProvider.System, StepComposition.All);
        OneRecException refused = Assert.Throws<OneRecException>(() => runner.Run(["ingest", "embed"], CancellationToken.None));
        Assert.Equal("embed.cuda", refused.Code);
        Assert.Equal(ErrorKind.Engine, refused.Kind);
        Assert.StartsWith("embed.device=cuda: ", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Null(engine.Tables.State("item_embeddings"));
    }

    protected static IRelation Tasks(IEngine engine, Kernels.Batches.KernelCall kernel)
    {
        IRelation rows = engine.Sql(
            new SqlScript("SELECT x, CAST(x AS INT) AS part FROM r"), ("r", Batches.Longs(engine, ["x"], [[0], [1]])));
        return engine.Map(rows, kernel, PartitionShape.ByPart("part", 2));
    }
}

[Collection(Standalone35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class GpuOnStandalone35Tests(Standalone35Desk desk) : GpuTests(desk);

[Collection(Standalone40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class GpuOnStandalone40Tests(Standalone40Desk desk) : GpuTests(desk)
{
    private readonly SparkDesk _desk = desk;

    [Fact]
    public void Tasks_that_use_no_gpu_are_given_none()
    {
        using var folder = new ScratchFolder();
        using IEngine engine = _desk.Open(folder["tables"]);
        List<string> tasks = engine.SortedRows(Tasks(engine, TaskKernel.Call(meet: 1)));
        Assert.Equal(["''", "''"], tasks.Select(t => t.Split(" | ")[1]));
    }
}
