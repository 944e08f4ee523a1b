using OneRec.Cli;
using OneRec.Engine;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Report;

namespace OneRec.Engines.Tests.Job;

/// <summary>The whole job on both engines, and whether they leave the same.</summary>
internal static class JobOnBoth
{
    private const double QualityTolerance = 1e-9;

    /// <summary>Runs the job on either engine, each on tables of its own, and compares what they tell and leave.</summary>
    /// <param name="spark">The engine on Spark.</param>
    /// <param name="onLocal">The local engine's options.</param>
    /// <param name="onSpark">Spark's.</param>
    public static void RequireEqual(IEngine spark, OneRecOptions onLocal, OneRecOptions onSpark)
    {
        RunSummary expected = RunLocally(onLocal);
        RunSummary actual = Run(spark, onSpark);
        Assert.Equal(Told(expected), Told(actual));
        RequireEqualTables(onLocal, onSpark);
        Assert.True(File.Exists(onSpark.Section<ReportOptions>().Path));
    }

    /// <summary>Compares what two jobs left.</summary>
    public static void RequireEqualTables(OneRecOptions expected, OneRecOptions actual)
    {
        Assert.Equal(JobTables.Rows(expected), JobTables.Rows(actual));
        RequireNear(JobTables.Quality(expected), JobTables.Quality(actual));
    }

    /// <summary>Runs the job on the local engine.</summary>
    public static RunSummary RunLocally(OneRecOptions options)
    {
        using IEngine engine = EngineFactory.Create("local", options, TimeProvider.System, CancellationToken.None);
        return Run(engine, options);
    }

    /// <summary>Runs the job on an engine.</summary>
    public static RunSummary Run(IEngine engine, OneRecOptions options) =>
        new JobRunner(engine, options, new QuietObserver(), TimeProvider.System, StepComposition.All).Run(StepComposition.All.RunOrder, CancellationToken.None);

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
