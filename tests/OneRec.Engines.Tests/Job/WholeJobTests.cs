using OneRec.Engines.Tests.Desks;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Running;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Job;

/// <summary>One case on both engines: every step of the job leaves the same tables on Spark as on the local engine.</summary>
public abstract class WholeJobTests(SparkDesk desk) : IDisposable
{
    private const double QualityTolerance = 1e-9;

    private readonly SampleCase _case = new();

    [Fact]
    public void Tables_are_equal_on_both_engines_on_the_first_night_and_on_the_next()
    {
        using (IEngine spark = desk.OpenShipped(_case.PathOf("spark")))
        {
            RequireEqual(spark, _case.First("local"), _case.First("spark"));
            RequireEqual(spark, _case.Next("local"), _case.Next("spark"));
        }

        // The local engine takes Spark's tables for its own: nothing is left to do.
        Assert.All(RunLocally(_case.Next("spark")).Steps, step => Assert.True(step.UpToDate, step.Step));
        Assert.False(desk.PythonWasStarted);
    }

    public void Dispose()
    {
        _case.Dispose();
        GC.SuppressFinalize(this);
    }

    private static void RequireEqual(IEngine spark, OneRecOptions onLocal, OneRecOptions onSpark)
    {
        RunSummary expected = RunLocally(onLocal);
        RunSummary actual = Run(spark, onSpark);
        Assert.Equal(Told(expected), Told(actual));
        Assert.Equal(JobTables.Rows(onLocal), JobTables.Rows(onSpark));
        RequireNear(JobTables.Quality(onLocal), JobTables.Quality(onSpark));
        Assert.True(File.Exists(onSpark.Report.Path));
    }

    private static RunSummary RunLocally(OneRecOptions options)
    {
        using IEngine engine = EngineFactory.Create("local", options, TimeProvider.System, CancellationToken.None);
        return Run(engine, options);
    }

    private static RunSummary Run(IEngine engine, OneRecOptions options) =>
        new JobRunner(engine, options, new QuietObserver(), TimeProvider.System).Run(StepCatalogue.All.RunOrder, CancellationToken.None);

    // The report's facts name its page.
    private static string[] Told(RunSummary summary) =>
    [
        .. summary.Steps.Select(s => s.Step == "report"
            ? s.Step
            : $"{s.Step} {s.UpToDate} {s.Rows}: {string.Join(", ", s.Facts.Select(f => $"{f.Name} {f.Value}"))}"),
    ];

    private static void RequireNear(SortedDictionary<string, double> expected, SortedDictionary<string, double> actual)
    {
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, value => Assert.Equal(value.Value, actual[value.Key], QualityTolerance));
    }
}

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class WholeJobOnSpark35Tests(Spark35Desk desk) : WholeJobTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class WholeJobOnSpark40Tests(Spark40Desk desk) : WholeJobTests(desk);
