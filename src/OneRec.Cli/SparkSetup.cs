using NLog;
using OneRec.Core;
using OneRec.Engine.Spark.Launch;
using OneRec.Pipeline.Configuration;

namespace OneRec.Cli;

/// <summary>Translates the options of a run into the setup of the Spark engine.</summary>
internal static class SparkSetup
{
    private const string Prefix = "spark.";
    private const string Worker = "onerec-worker";

    /// <summary>Where executors find the worker: Spark's setting for the Python program, which the worker replaces.</summary>
    private const string WorkerSetting = "spark.pyspark.python";

    private static readonly Logger Log = LogManager.GetLogger("spark");

    /// <summary>The setup.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="program">The folder of this program; null for the one it runs from.</param>
    /// <exception cref="OneRecException">Configuration error <c>spark.worker</c>: there is no worker beside this program.</exception>
    public static SparkOptions Of(OneRecOptions options, string? program = null)
    {
        var settings = options.Spark.ToDictionary(s => Prefix + s.Key, s => s.Value, StringComparer.Ordinal);
        return new SparkOptions
        {
            Master = $"local[{options.ThreadCount()}]",
            Settings = settings,
            Tables = SparkOptions.IsUri(options.Tables) ? options.Tables : Path.GetFullPath(options.Tables),
            Worker = settings.GetValueOrDefault(WorkerSetting) ?? Shipped(program ?? AppContext.BaseDirectory),

            // An executor runs one task per core.
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
                $"{path} does not exist: build src/OneRec.Cli again, or set {WorkerSetting} to the path of {Worker} on the executors");
    }
}
