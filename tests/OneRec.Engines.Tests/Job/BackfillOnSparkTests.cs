using OneRec.Cli;
using OneRec.Engine;
using OneRec.Engines.Tests.Desks;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Backfill;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Job;

/// <summary>A backfill on Spark, or half on Spark and half on the local engine, leaves what the local engine leaves.</summary>
public abstract class BackfillOnSparkTests(SparkDesk desk) : IDisposable
{
    private readonly SampleCase _case = new();

    [Fact]
    public void Ids_and_embeddings_are_the_local_engines_also_where_the_engines_share_the_work()
    {
        OneRecOptions night = _case.First("local");
        JobOnBoth.RunLocally(night);
        ScratchFolder.CopyTree(night.Tables, _case.PathOf("spark"));
        OneRecOptions archive = _case.Next("local") with { Sections = [new BackfillOptions { SliceItems = 300 }] };
        archive = archive with { Input = archive.Input with { Items = new InputPaths([_case.PathOf("data/items.csv")]) } };
        using (IEngine local = EngineFactory.Create("local", archive, TimeProvider.System, CancellationToken.None, EngineAccess.Share))
        {
            Assert.Equal(100, Backfill(local, archive).Rows);
        }

        // The same codebook, model and catalogue make it the same backfill on the other engine.
        OneRecOptions onSpark = archive with { Tables = _case.PathOf("spark") };
        StepSummary done;
        using (IEngine spark = desk.OpenShipped(onSpark.Tables))
        {
            done = Backfill(spark, onSpark);
        }

        Assert.Equal(100, done.Rows);
        string[] tables = ["items | ", "item_embeddings | ", "semantic_ids | "];
        Assert.Equal(Rows(archive, tables), Rows(onSpark, tables));
        Assert.Empty(Directory.GetDirectories(Path.Combine(onSpark.Tables, "_staging")));
        using IEngine again = EngineFactory.Create("local", onSpark, TimeProvider.System, CancellationToken.None, EngineAccess.Share);
        Assert.Equal("complete before", Backfill(again, onSpark).Facts.Single(f => f.Name == "result").Value);
    }

    public void Dispose()
    {
        _case.Dispose();
        GC.SuppressFinalize(this);
    }

    private static StepSummary Backfill(IEngine engine, OneRecOptions options) => new JobRunner(
        engine, options, new QuietObserver(), TimeProvider.System, StepComposition.All).Run(["backfill"], CancellationToken.None).Steps[0];

    private static string[] Rows(OneRecOptions options, string[] tables) =>
        [.. JobTables.Rows(options).Where(row => tables.Any(t => row.StartsWith(t, StringComparison.Ordinal)))];
}

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class BackfillOnSpark35Tests(Spark35Desk desk) : BackfillOnSparkTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class BackfillOnSpark40Tests(Spark40Desk desk) : BackfillOnSparkTests(desk);
