using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OneRec.Core;
using OneRec.Engine.Spark.Releases;

namespace OneRec.Engine.Spark.Launch;

/// <summary>An installed Spark and the Java to run it, checked before anything is started.</summary>
/// <param name="Folder">What <c>SPARK_HOME</c> names.</param>
/// <param name="Release">Its release.</param>
public sealed partial record SparkHome(string Folder, SparkRelease Release)
{
    private static readonly TimeSpan JavaLimit = TimeSpan.FromSeconds(20);

    /// <summary>Its launcher.</summary>
    public string Submit => Path.Combine(Folder, "bin", "spark-submit");

    /// <summary>Finds Spark and checks its version and that of Java.</summary>
    /// <param name="folder">The folder; null for <c>SPARK_HOME</c> of the environment.</param>
    /// <param name="environment">Looks up an environment variable; null for those of this process.</param>
    /// <exception cref="OneRecException">Configuration error that says what to set.</exception>
    public static SparkHome Find(string? folder, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        folder ??= environment("SPARK_HOME");
        if (string.IsNullOrEmpty(folder))
        {
            throw OneRecException.Configuration(
                "spark.home",
                $"--engine spark needs Spark: set SPARK_HOME to the folder of a Spark {Supported}");
        }

        if (!File.Exists(Path.Combine(folder, "bin", "spark-submit")))
        {
            throw OneRecException.Configuration(
                "spark.home",
                $"{folder} has no Spark (bin/spark-submit does not exist): set SPARK_HOME to the folder of a Spark {Supported}");
        }

        SparkRelease release = SparkRelease.Of(Version(folder));
        CheckJava(release, environment("JAVA_HOME"));
        return new SparkHome(folder, release);
    }

    private static string Supported => string.Join(" or ", SparkRelease.All.Select(r => r.Name));

    private static string Version(string folder)
    {
        string jars = Path.Combine(folder, "jars");
        return (Directory.Exists(jars) ? Directory.EnumerateFiles(jars, "spark-core_*.jar") : [])
            .Select(path => CoreJar().Match(Path.GetFileName(path)))
            .FirstOrDefault(m => m.Success)?.Groups[1].Value
            ?? throw OneRecException.Configuration(
                "spark.home",
                $"{folder} has no Spark (jars/spark-core_*.jar does not exist): set SPARK_HOME to the folder of a Spark {Supported}");
    }

    private static void CheckJava(SparkRelease release, string? home)
    {
        string wanted = $"set JAVA_HOME to a Java {string.Join(", ", release.Javas)} (Spark {release.Name})";
        string java = string.IsNullOrEmpty(home) ? "java" : Path.Combine(home, "bin", "java");
        string text;
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(java, ["-version"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            Task<string> output = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(JavaLimit))
            {
                process.Kill();
                throw OneRecException.Configuration("spark.java", $"{java} -version does not respond: {wanted}");
            }

            text = output.GetAwaiter().GetResult();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw OneRecException.Configuration("spark.java", $"{java} cannot be run: {wanted}", e);
        }

        Match match = JavaVersion().Match(text);
        if (!match.Success)
        {
            throw OneRecException.Configuration("spark.java", $"{java} does not print its version: {wanted}");
        }

        int major = int.Parse(match.Groups["major"].Value, CultureInfo.InvariantCulture);
        if (!release.Javas.Contains(major))
        {
            throw OneRecException.Configuration("spark.java", $"{java} is Java {major}: {wanted}");
        }
    }

    [GeneratedRegex(@"^spark-core_[0-9.]+-(.+)\.jar$")]
    private static partial Regex CoreJar();

    // Java 8 calls itself 1.8.
    [GeneratedRegex("""version "(?:1\.)?(?<major>[0-9]+)""")]
    private static partial Regex JavaVersion();
}
