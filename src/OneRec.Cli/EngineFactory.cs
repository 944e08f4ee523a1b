using OneRec.Cli.Backend;
using OneRec.Core;
using OneRec.Csv.Kernels;
using OneRec.Engine;
using OneRec.Engine.Local;
using OneRec.Engine.Spark;
using OneRec.Engine.Spark.Launch;
using OneRec.Kernels;
using OneRec.Kernels.Batches;
using OneRec.Pipeline.Configuration;
using OneRec.Scoring;

namespace OneRec.Cli;

/// <summary>Opens the engine named on the command line. Apart from the engines themselves, only this class knows both.</summary>
internal static class EngineFactory
{
    /// <summary>Opens the engine of a session.</summary>
    /// <param name="session">Names the engine.</param>
    /// <param name="readOnly">As in <see cref="Create"/>.</param>
    public static IEngine Open(Session session, bool readOnly) =>
        Create(session.Engine, session.Options, session.Clock, session.Cancellation, readOnly);

    /// <summary>Opens an engine on a run's tables.</summary>
    /// <param name="engine"><c>local</c> or <c>spark</c>.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="clock">Time of commits.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <param name="readOnly">
    /// For queries: can be used during a run, writes nothing, and is always the local engine, whichever engine runs the steps.
    /// </param>
    /// <exception cref="OneRecException">An unknown engine (exit 2), or one that cannot be opened.</exception>
    public static IEngine Create(
        string engine,
        OneRecOptions options,
        TimeProvider clock,
        CancellationToken cancellation,
        bool readOnly = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        return engine switch
        {
            "local" => new LocalEngine(SettingsOf(options, readOnly), Kernels(), clock, cancellation),

            // Starting Spark takes longer than reading a few rows.
            "spark" when readOnly => Create("local", options, clock, cancellation, readOnly),
            "spark" => SparkEngine.Start(SparkSetup.Of(options), cancellation),
            _ => throw OneRecException.Configuration("engine.unknown", $"no engine '{engine}'; use local or spark"),
        };
    }

    /// <summary>All kernels that steps use.</summary>
    public static KernelRegistry Kernels() => CsvRecordsKernel.Register(ScoringKernels.Register(OneRecKernels.Register(new KernelRegistry())));

    private static LocalSettings SettingsOf(OneRecOptions options, bool readOnly)
    {
        if (SparkOptions.IsUri(options.Tables))
        {
            throw OneRecException.Configuration(
                "tables.uri",
                $"tables={options.Tables} is not a local folder: "
                + (readOnly ? "query it in Spark (jobs/register.sql registers the tables)" : "use --engine spark, or set 'tables' to a local folder"));
        }

        return new LocalSettings(Path.GetFullPath(options.Tables), options.ThreadCount(), options.MemoryBytes(), readOnly);
    }
}
