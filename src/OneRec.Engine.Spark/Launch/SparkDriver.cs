using System.Globalization;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Jvm.Py4J;
using OneRec.Engine.Spark.Releases;

namespace OneRec.Engine.Spark.Launch;

/// <summary>The bridge to Spark's driver JVM, whichever of us two started the other.</summary>
/// <param name="Jvm">The bridge.</param>
/// <param name="Process">The JVM that we started; null where <c>spark-submit</c> started us.</param>
public sealed partial record SparkDriver(IJvm Jvm, SparkProcess? Process) : IDisposable
{
    internal const string PortVariable = "PYSPARK_GATEWAY_PORT";
    private const string SecretVariable = "PYSPARK_GATEWAY_SECRET";
    private const string DotnetVariable = "DOTNETBACKEND_PORT";

    /// <summary>Whether a <c>spark-submit</c> started us.</summary>
    public static bool IsGiven => Given() is not null || IsDotnet;

    private static bool IsDotnet => Environment.GetEnvironmentVariable(DotnetVariable) is not null;

    /// <summary>
    /// Connects to the <c>spark-submit</c> that started us (<c>spark.pyspark.driver.python</c> names our executable, or
    /// Microsoft.Spark's <c>DotnetRunner</c> got it as its argument); where none did, starts one.
    /// </summary>
    /// <param name="home">Spark's folder; null for <c>SPARK_HOME</c>. Not looked at where Spark started us.</param>
    /// <param name="master">The master of a Spark that we start.</param>
    /// <param name="settings">Settings of a Spark that we start.</param>
    /// <param name="log">Takes the JVM's log lines; null to drop them.</param>
    /// <exception cref="OneRecException">Spark is missing, of another version, on another Java, or does not start.</exception>
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

    /// <summary>The gateway that <c>spark-submit</c> named to us in the environment; null where it did not start us.</summary>
    /// <exception cref="OneRecException">Engine error <c>spark.gateway</c>: named in part.</exception>
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

    /// <summary>Refuses a Spark that Microsoft.Spark was not made for.</summary>
    /// <exception cref="OneRecException">Configuration error <c>spark.release</c>.</exception>
    internal static void RequireDotnetRunner(string version)
    {
        if (!SparkRelease.Of(version).HasDotnetRunner)
        {
            throw OneRecException.Configuration(
                "spark.release",
                $"Microsoft.Spark has no DotnetRunner for Spark {version}: submit by jobs/spark-step, which goes by Py4J");
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
                + "or submit by jobs/spark-step");
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

/// <summary>What a <c>spark-submit</c> that started us changes.</summary>
public static class SparkSubmit
{
    /// <summary>
    /// Our own arguments: <c>spark-submit</c> puts the path of its primary resource before them, which we have no use for.
    /// </summary>
    /// <param name="given">The arguments of the process.</param>
    /// <param name="environment">Its environment, which names a gateway where <c>spark-submit</c> started it.</param>
    public static IReadOnlyList<string> Arguments(IReadOnlyList<string> given, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(environment);
        bool isStarted = environment.ContainsKey(SparkDriver.PortVariable);
        return isStarted && given.Count > 0 && given[0].EndsWith(".py", StringComparison.Ordinal) ? [.. given.Skip(1)] : given;
    }
}
