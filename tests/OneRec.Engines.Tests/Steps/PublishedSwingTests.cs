using OneRec.Cli;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engines.Tests.Desks;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Steps;

/// <summary>Results that others printed for their Swing, by the step on each engine.</summary>
public abstract class PublishedSwingTests(EngineDesk desk)
{
    [Fact]
    public void Flink_ML_documentation() => Check(
        "0,10 0,11 0,12 1,13 1,12 2,10 2,11 2,12 3,13 3,12 4,12 4,10 4,11 4,12 4,13",
        new SwingOptions { MinUserItems = 2, MaxUserItems = 3 },
        8,
        (10, 11, 0.058845768947156235, 1e-12),
        (11, 12, 0.058845768947156235, 1e-12),
        (12, 13, 0.09134833828228624, 1e-12),
        (13, 12, 0.09134833828228624, 1e-12));

    [Fact]
    public void Alink_documentation() => Check(
        "1,11 1,12 2,11 2,12 3,12 3,13 4,13 4,14 5,14 5,15 6,15 6,16",
        new SwingOptions { Alpha1 = 5, Alpha2 = 1, Beta = -0.35 },
        2,
        (11, 12, 1.3015095, 1e-6));

    [Fact]
    public void LibRecommender_test() => Check(
        "0,0 0,1 0,2 0,3 1,0 1,1 1,3 2,0 2,2 2,3 2,4",
        new SwingOptions { Alpha1 = 0, Beta = 0.5 },
        10,
        (0, 3, 0.3238959, 1e-6),
        (0, 1, 0.0962250, 1e-6),
        (0, 2, 0.0833333, 1e-6));

    private void Check(string clicks, SwingOptions swing, int rows, params (long Item, long Similar, double Score, double Near)[] expected)
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["log.csv"], "user_id,item_id\n" + clicks.Replace(' ', '\n') + "\n");
        var options = new OneRecOptions
        {
            Tables = folder["tables"],
            Threads = 2,
            Sections = [swing],
            Input = new InputOptions { Interactions = folder["log.csv"] },
        };
        using IEngine engine = desk.OpenShipped(folder["tables"]);
        new JobRunner(engine, options, new QuietObserver(), TimeProvider.System, StepComposition.All).Run(["swing"], CancellationToken.None);
        List<object?[]> found = RowReader.Read(engine.Collect(engine.ReadTable("item_similarity")));
        Assert.Equal(rows, found.Count);
        Assert.All(expected, pair =>
        {
            object?[] row = found.Single(r => (long)r[0]! == pair.Item && (long)r[1]! == pair.Similar);
            Assert.Equal(pair.Score, (double)row[2]!, pair.Near * pair.Score);
        });
    }
}

public sealed class PublishedSwingOnLocalTests() : PublishedSwingTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class PublishedSwingOnSpark35Tests(Spark35Desk desk) : PublishedSwingTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class PublishedSwingOnSpark40Tests(Spark40Desk desk) : PublishedSwingTests(desk);
