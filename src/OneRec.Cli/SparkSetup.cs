using NLog;
using OneRec.Core;
using OneRec.Engine.Spark.Launch;
using OneRec.Pipeline.Configuration;

namespace OneRec.Cli;

/// <summary>How the options of a run set up the Spark engine.</summary>
internal static class SparkSetup
{
    private const string Prefix = "spark.";
    private const string Worker = "onerec-worker";

    /// <summary>Where executors find the worker: Spark's own setting for what they start in Python's place.</summary>
    private const string WorkerSetting = "spark.pyspark.python";

    private static readonly Logger Log = LogManager.GetLogger("spark");

    /// <summary>The setup.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="program">The folder of this program; null for where it runs from.</param>
    /// <exception cref="OneRecException">Configuration error <c>spark.worker</c>: no worker beside this program.</exception>
    public static SparkOptions Of(OneRecOptions options, string? program = null)
    {
        var settings = options.Spark.ToDictionary(s => Prefix + s.Key, s => s.Value, StringComparer.Ordinal);
        return new SparkOptions
        {
            Master = $"local[{options.ThreadCount()}]",
            Settings = settings,
            Tables = SparkOptions.IsUri(options.Tables) ? options.Tables : Path.GetFullPath(options.Tables),
            Worker = settings.GetValueOrDefault(WorkerSetting) ?? Shipped(program ?? AppContext.BaseDirectory),

            // Each of an executor's cores runs a task.
            TaskMemory = options.MemoryBytes() / options.ThreadCount(),
            Log = line => Log.Debug(line),
        };
    }

    private static string Shipped(string program)
    {
        string path = Path.Combine(program, Worker);
        return File.Exists(path)
            ? path
            : throw OneRecException.Configuration(
                "spark.worker",
                $"{path} is not there: build src/OneRec.Cli again, or set {WorkerSetting} to where executors find {Worker}");
    }
}
