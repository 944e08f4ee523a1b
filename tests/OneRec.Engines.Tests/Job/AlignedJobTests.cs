using OneRec.Alignment.Steps;
using OneRec.Engine;
using OneRec.Engines.Tests.Desks;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Train;
using OneRec.Report;
using OneRec.Sampling;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Job;

/// <summary>
/// A job that trains a model and embeds with it leaves the same on either engine: the same model, bit for bit, and the same embeddings,
/// made by ONNX Runtime in this process or in workers of executors.
/// </summary>
public abstract class AlignedJobTests(SparkDesk desk)
{
    // Other tests of the desk may ask Spark for what it looks for in Python.
    private readonly string _pythonCalls = desk.PythonCalls;
    [Fact]
    public void A_job_with_alignment_leaves_the_same_on_both_engines()
    {
        using var folder = new ScratchFolder();
        SampleGenerator.Generate(folder["data"], new SampleOptions { Items = 200, Users = 100, Interactions = 4_000, Topics = 4, Dimensions = 16, Tokens = 4 });
        using IEngine spark = desk.OpenShipped(folder["spark"]);
        JobOnBoth.RequireEqual(spark, Options(folder, "local"), Options(folder, "spark"));

        string model = Assert.Single(Models(folder["local.models"]));
        Assert.Equal([model], Models(folder["spark.models"]));
        Assert.Equal(_pythonCalls, desk.PythonCalls);
    }

    private static string[] Models(string folder) => [.. Directory.GetDirectories(folder).Select(f => Path.GetFileName(f))];

    private static OneRecOptions Options(ScratchFolder folder, string tables) => new()
    {
        Tables = folder[tables],
        Models = folder[$"{tables}.models"],
        Threads = 2,
        Run = new RunSection { Id = "r" },
        Input = new InputOptions
        {
            Interactions = new InputPaths([folder["data/interactions.csv"]]),
            Items = new InputPaths([folder["data/items.csv"]]),
            Tokens = folder["data/tokens.parquet"],
        },
        Sections =
        [
            new EmbedOptions { Model = "aligned", Inputs = [new TokensInput()], CommitItems = 80 },
            new AlignOptions { Queries = 2, Layers = 1, Width = 16, Heads = 2, Hidden = 16, Epochs = 1, Batch = 64, Validation = "users:0.2" },
            new TrainOptions { Levels = 2, Codes = [8] },
            new ReportOptions { Path = folder[$"{tables}.html"] },
        ],
    };
}

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class AlignedJobOnSpark35Tests(Spark35Desk desk) : AlignedJobTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class AlignedJobOnSpark40Tests(Spark40Desk desk) : AlignedJobTests(desk);
