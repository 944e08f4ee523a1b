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
    private static readonly string[] Tables = ["items | ", "item_embeddings | ", "semantic_ids | "];

    private readonly SampleCase _case = new();

    /// <summary>The items of the archive that the night before had not.</summary>
    protected const int NewItems = 100;

    [Fact]
    public void Ids_and_embeddings_are_the_local_engines_also_where_the_engines_share_the_work()
    {
        OneRecOptions archive = LocalArchive(sliceItems: 300);

        // The same codebook, model and catalogue make it the same backfill on the other engine.
        OneRecOptions onSpark = archive with { Tables = _case.PathOf("spark") };
        Assert.Equal(NewItems, BackfillOnSpark(onSpark).Rows);
        RequireEqual(archive, onSpark);
        using IEngine again = EngineFactory.Create("local", onSpark, TimeProvider.System, CancellationToken.None, EngineAccess.Share);
        Assert.Equal("complete before", Backfill(again, onSpark).Facts.Single(f => f.Name == "result").Value);
    }

    /// <summary>A night by the local engine, copied to the folder <c>spark</c>, then a backfill by the local engine.</summary>
    /// <returns>The options of the backfill.</returns>
    protected OneRecOptions LocalArchive(int sliceItems)
    {
        OneRecOptions night = _case.First("local");
        JobOnBoth.RunLocally(night);
        ScratchFolder.CopyTree(night.Tables, _case.PathOf("spark"));
        OneRecOptions archive = _case.Next("local") with { Sections = [new BackfillOptions { SliceItems = sliceItems }] };
        archive = archive with { Input = archive.Input with { Items = new InputPaths([_case.PathOf("data/items.csv")]) } };
        using IEngine local = EngineFactory.Create("local", archive, TimeProvider.System, CancellationToken.None, EngineAccess.Share);
        Assert.Equal(NewItems, Backfill(local, archive).Rows);
        return archive with { Tables = night.Tables };
    }

    /// <summary>A path beside the tables.</summary>
    protected string PathOf(string name) => _case.PathOf(name);

    /// <summary>Runs the backfill on the desk's session.</summary>
    protected StepSummary BackfillOnSpark(OneRecOptions options)
    {
        using IEngine spark = desk.OpenShipped(options.Tables);
        return Backfill(spark, options);
    }

    /// <summary>Compares what two backfills left.</summary>
    protected static void RequireEqual(OneRecOptions expected, OneRecOptions actual)
    {
        Assert.Equal(Rows(expected), Rows(actual));
        Assert.Empty(Directory.GetDirectories(Path.Combine(actual.Tables, "_staging")));
    }

    public void Dispose()
    {
        _case.Dispose();
        GC.SuppressFinalize(this);
    }

    private static StepSummary Backfill(IEngine engine, OneRecOptions options) => new JobRunner(
        engine, options, new QuietObserver(), TimeProvider.System, StepComposition.All).Run(["backfill"], CancellationToken.None).Steps[0];

    private static string[] Rows(OneRecOptions options) =>
        [.. JobTables.Rows(options).Where(row => Tables.Any(t => row.StartsWith(t, StringComparison.Ordinal)))];
}

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class BackfillOnSpark35Tests(Spark35Desk desk) : BackfillOnSparkTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class BackfillOnSpark40Tests(Spark40Desk desk) : BackfillOnSparkTests(desk);
