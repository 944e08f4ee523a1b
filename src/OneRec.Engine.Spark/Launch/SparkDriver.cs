using System.Globalization;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Jvm.Py4J;
using OneRec.Engine.Spark.Releases;

namespace OneRec.Engine.Spark.Launch;

/// <summary>The bridge to Spark's driver JVM, whether this process started the JVM or the JVM started this process.</summary>
/// <param name="Jvm">The bridge.</param>
/// <param name="Process">The JVM that this process started; null if <c>spark-submit</c> started this process.</param>
public sealed partial record SparkDriver(IJvm Jvm, SparkProcess? Process) : IDisposable
{
    internal const string PortVariable = "PYSPARK_GATEWAY_PORT";
    private const string SecretVariable = "PYSPARK_GATEWAY_SECRET";
    private const string DotnetVariable = "DOTNETBACKEND_PORT";

    /// <summary>Whether <c>spark-submit</c> started this process.</summary>
    public static bool IsGiven => Given() is not null || IsDotnet;

    private static bool IsDotnet => Environment.GetEnvironmentVariable(DotnetVariable) is not null;

    /// <summary>
    /// Connects to the <c>spark-submit</c> that started this process (<c>spark.pyspark.driver.python</c> names its executable, or
    /// Microsoft.Spark's <c>DotnetRunner</c> got it as an argument); if there is none, starts Spark.
    /// </summary>
    /// <param name="home">Spark's folder; null for <c>SPARK_HOME</c>. Ignored if Spark started this process.</param>
    /// <param name="master">The master, if Spark is started here.</param>
    /// <param name="settings">The settings, if Spark is started here.</param>
    /// <param name="log">Receives the log lines of the JVM; null to drop them.</param>
    /// <exception cref="OneRecException">Spark is missing, has an unsupported version or Java, or does not start.</exception>
    public static SparkDriver Connect(
        string? home,
        string master,
        IReadOnlyDictionary<string, string> settings,
        Action<string>? log)
    {
        if (Given() is { } given)
        {
            return new SparkDriver(new Py4JGateway(given), null);
        }

        if (IsDotnet)
        {
            return new SparkDriver(MicrosoftSpark(), null);
        }

        (SparkProcess process, GatewayAddress gateway) = SparkProcess.Start(SparkHome.Find(home), master, settings, log);
        return new SparkDriver(new Py4JGateway(gateway), process);
    }

    /// <summary>The gateway that <c>spark-submit</c> named in the environment; null if it did not start this process.</summary>
    /// <exception cref="OneRecException">Engine error <c>spark.gateway</c>: only one of the two variables is set.</exception>
    public static GatewayAddress? Given()
    {
        string? port = Environment.GetEnvironmentVariable(PortVariable);
        string? secret = Environment.GetEnvironmentVariable(SecretVariable);
        if (port is null && secret is null)
        {
            return null;
        }

        return int.TryParse(port, CultureInfo.InvariantCulture, out int number) && !string.IsNullOrEmpty(secret)
            ? new GatewayAddress(number, secret)
            : throw OneRecException.Engine(
                "spark.gateway",
                $"{PortVariable} and {SecretVariable} must both be set, as spark-submit does; unset both to start Spark from here");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Jvm.Dispose();
        Process?.Dispose();
    }

    /// <summary>Refuses a Spark that Microsoft.Spark does not support.</summary>
    /// <exception cref="OneRecException">Configuration error <c>spark.release</c>.</exception>
    internal static void RequireDotnetRunner(string version)
    {
        if (!SparkRelease.Of(version).HasDotnetRunner)
        {
            throw OneRecException.Configuration(
                "spark.release",
                $"Microsoft.Spark has no DotnetRunner for Spark {version}: submit with jobs/spark-step, which uses Py4J");
        }
    }

    private static IJvm MicrosoftSpark()
    {
        IJvm? jvm = null;
        OpenMicrosoftSpark(ref jvm);
        if (jvm is null)
        {
            throw OneRecException.Configuration(
                "spark.microsoft",
                "this onerec was built without Microsoft.Spark: build src/OneRec.Cli with -p:MicrosoftSpark=true, "
                + "or submit with jobs/spark-step");
        }

        try
        {
            RequireDotnetRunner((string)jvm.CallStatic("org.apache.spark.package", "SPARK_VERSION")!);
            return jvm;
        }
        catch
        {
            jvm.Dispose();
            throw;
        }
    }

    static partial void OpenMicrosoftSpark(ref IJvm? jvm);
}

/// <summary>What differs if <c>spark-submit</c> started this process.</summary>
public static class SparkSubmit
{
    /// <summary>
    /// The arguments of <c>onerec</c>: <c>spark-submit</c> puts the path of its primary resource before them, which is dropped.
    /// </summary>
    /// <param name="given">The arguments of the process.</param>
    /// <param name="environment">Its environment, which names a gateway if <c>spark-submit</c> started it.</param>
    public static IReadOnlyList<string> Arguments(IReadOnlyList<string> given, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(environment);
        bool isStarted = environment.ContainsKey(SparkDriver.PortVariable);
        return isStarted && given.Count > 0 && given[0].EndsWith(".py", StringComparison.Ordinal) ? [.. given.Skip(1)] : given;
    }
}
