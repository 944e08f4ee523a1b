using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Engines.Spark.Launch;

/// <summary>Folders that look like Spark and Java from outside.</summary>
public static class FakeSpark
{
    /// <summary>A Spark of a version whose launcher runs a script.</summary>
    public static string Home(ScratchFolder folder, string version, string launcher = "exit 0")
    {
        string home = folder[$"spark-{version}"];
        Directory.CreateDirectory(Path.Combine(home, "bin"));
        Directory.CreateDirectory(Path.Combine(home, "jars"));
        Script(Path.Combine(home, "bin", "spark-submit"), launcher);
        File.WriteAllText(Path.Combine(home, "jars", $"spark-core_2.12-{version}.jar"), "");
        return home;
    }

    /// <summary>A JAVA_HOME whose java tells a version.</summary>
    public static string Java(ScratchFolder folder, string text)
    {
        string home = folder["java"];
        Directory.CreateDirectory(Path.Combine(home, "bin"));
        Script(Path.Combine(home, "bin", "java"), $"echo '{text}' >&2");
        return home;
    }

    /// <summary>An environment of these two alone.</summary>
    public static Func<string, string?> Environment(string? sparkHome, string? javaHome) => name => name switch
    {
        "SPARK_HOME" => sparkHome,
        "JAVA_HOME" => javaHome,
        _ => null,
    };

    private static void Script(string path, string body)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
