using OneRec.Cli;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Engines.Tests.Desks;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Report;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Job;

/// <summary>MovieLens with its encoder, as <c>conf/movielens.json</c> has it: the whole job leaves the same on either engine.</summary>
public abstract class MovieLensJobTests(SparkDesk desk)
{
    // Other tests of the desk may ask Spark for what it looks for in Python.
    private readonly string _pythonCalls = desk.PythonCalls;
    [Fact]
    public void Tables_are_equal_on_both_engines()
    {
        using var folder = new ScratchFolder();
        using IEngine spark = desk.OpenShipped(folder["spark"]);
        JobOnBoth.RequireEqual(spark, Options(folder, "local"), Options(folder, "spark"));
        Assert.Equal(_pythonCalls, desk.PythonCalls);
    }

    private static OneRecOptions Options(ScratchFolder folder, string tables)
    {
        // The file names data and encoder in the shared folder, relative to itself.
        Desk.MovieLens();
        Desk.MiniLm();
        OneRecOptions read = StepComposition.All.Load(new ConfigurationSources
        {
            File = Path.Combine(Desk.Root, "conf", "movielens.json"),
            WorkingDirectory = Desk.Root,
        }, new Problems())!;

        // As many commits on either engine: the versions that table 'runs' names are then the same.
        return read with
        {
            Tables = folder[tables],
            Threads = 2,
            Sections = [read.Section<EmbedOptions>() with { CommitItems = 4_000, Model = "pool" }, read.Section<ReportOptions>() with { Path = folder[$"{tables}.html"] }],
        };
    }
}

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class MovieLensOnSpark35Tests(Spark35Desk desk) : MovieLensJobTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class MovieLensOnSpark40Tests(Spark40Desk desk) : MovieLensJobTests(desk);
