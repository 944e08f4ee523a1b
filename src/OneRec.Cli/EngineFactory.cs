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

/// <summary>Opens the engine that the command line names: with the engines' own folders, the only place that knows both.</summary>
internal static class EngineFactory
{
    /// <summary>Opens an engine on a run's tables.</summary>
    /// <param name="engine"><c>local</c> or <c>spark</c>.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="clock">Time of commits.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <param name="readOnly">For queries: works beside a run, writes nothing, and is local whatever engine runs the steps.</param>
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

            // Starting Spark to read some rows would take longer than reading them.
            "spark" when readOnly => Create("local", options, clock, cancellation, readOnly),
            "spark" => SparkEngine.Start(SparkSetup.Of(options), cancellation),
            _ => throw OneRecException.Configuration("engine.unknown", $"no engine '{engine}'; use local or spark"),
        };
    }

    /// <summary>Every kernel that a step may name.</summary>
    public static KernelRegistry Kernels() => CsvRecordsKernel.Register(ScoringKernels.Register(OneRecKernels.Register(new KernelRegistry())));

    private static LocalSettings SettingsOf(OneRecOptions options, bool readOnly)
    {
        if (SparkOptions.IsUri(options.Tables))
        {
            throw OneRecException.Configuration(
                "tables.uri",
                $"tables={options.Tables} is no local folder: "
                + (readOnly ? "ask Spark itself (jobs/register.sql makes the tables known to it)" : "use --engine spark, or a folder"));
        }

        return new LocalSettings(Path.GetFullPath(options.Tables), options.ThreadCount(), options.MemoryBytes(), readOnly);
    }
}
