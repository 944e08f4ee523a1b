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
    /// <param name="access">As in <see cref="Create"/>.</param>
    public static IEngine Open(Session session, EngineAccess access) =>
        Create(session.Engine, session.Options, session.Clock, session.Cancellation, access);

    /// <summary>Opens an engine on a run's tables.</summary>
    /// <param name="engine"><c>local</c> or <c>spark</c>.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="clock">Time of commits.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <param name="access">
    /// How the tables are used. Queries of a few rows always run on the local engine, whichever engine runs the steps.
    /// </param>
    /// <exception cref="OneRecException">An unknown engine (exit 2), or one that cannot be opened.</exception>
    public static IEngine Create(
        string engine,
        OneRecOptions options,
        TimeProvider clock,
        CancellationToken cancellation,
        EngineAccess access = EngineAccess.Run)
    {
        ArgumentNullException.ThrowIfNull(options);
        return engine switch
        {
            "local" => new LocalEngine(SettingsOf(options, access), Kernels(), clock, cancellation),

            // Starting Spark takes longer than reading a few rows.
            "spark" when access == EngineAccess.Read => Create("local", options, clock, cancellation, access),
            "spark" => SparkEngine.Start(SparkSetup.Of(options), access, cancellation),
            _ => throw OneRecException.Configuration("engine.unknown", $"no engine '{engine}'; use local or spark"),
        };
    }

    /// <summary>All kernels that steps use.</summary>
    public static KernelRegistry Kernels() => CsvRecordsKernel.Register(ScoringKernels.Register(OneRecKernels.Register(new KernelRegistry())));

    private static LocalSettings SettingsOf(OneRecOptions options, EngineAccess access)
    {
        if (SparkOptions.IsUri(options.Tables))
        {
            throw OneRecException.Configuration(
                "tables.uri",
                $"tables={options.Tables} is not a local folder: "
                + (access == EngineAccess.Read ? "query it in Spark (jobs/register.sql registers the tables)" : "use --engine spark, or set 'tables' to a local folder"));
        }

        return new LocalSettings(Path.GetFullPath(options.Tables), options.ThreadCount(), options.MemoryBytes(), access == EngineAccess.ReadAll ? EngineAccess.Read : access);
    }
}
