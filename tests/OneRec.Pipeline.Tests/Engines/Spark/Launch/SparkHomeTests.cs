using OneRec.Core;
using OneRec.Engine.Spark.Launch;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Engines.Spark.Launch;

public sealed class SparkHomeTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Spark_home_that_is_not_set_says_so() => Refused(
        null,
        null,
        "spark.home",
        "--engine spark needs Spark: set SPARK_HOME to the folder of a Spark 3.5 or 4.0");

    [Fact]
    public void Folder_without_spark_is_named() => Refused(
        _folder.Path,
        null,
        "spark.home",
        $"{_folder.Path} has no Spark (bin/spark-submit does not exist): set SPARK_HOME to the folder of a Spark 3.5 or 4.0");

    [Theory]
    [InlineData("3.4.1")]
    [InlineData("4.1.0")]
    [InlineData("3.50.0")]
    public void Other_version_is_refused_by_name(string version) => Refused(
        FakeSpark.Home(_folder, version),
        FakeSpark.Java(_folder, "openjdk version \"17.0.15\" 2025-04-15"),
        "spark.release",
        $"Spark {version} is not supported: set SPARK_HOME to a Spark 3.5 or 4.0");

    [Theory]
    [InlineData("3.5.3", "openjdk version \"21.0.2\" 2024-01-16", 21, "8, 11, 17", "3.5")]
    [InlineData("4.0.5", "java version \"1.8.0_402\"", 8, "17, 21", "4.0")]
    public void Wrong_java_says_which_to_set(string version, string text, int major, string wanted, string release)
    {
        string java = FakeSpark.Java(_folder, text);
        Refused(
            FakeSpark.Home(_folder, version),
            java,
            "spark.java",
            $"{Path.Combine(java, "bin", "java")} is Java {major}: set JAVA_HOME to a Java {wanted} (Spark {release})");
    }

    [Fact]
    public void Java_that_is_not_there_says_which_to_set() => Refused(
        FakeSpark.Home(_folder, "3.5.3"),
        _folder["nowhere"],
        "spark.java",
        $"{_folder["nowhere/bin/java"]} cannot be run: set JAVA_HOME to a Java 8, 11, 17 (Spark 3.5)");

    [Theory]
    [InlineData("3.5.3", "java version \"1.8.0_402\"", "3.5")]
    [InlineData("4.0.5", "openjdk version \"17.0.15\" 2025-04-15", "4.0")]
    [InlineData("4.0.0-vendor-7", "openjdk version \"21\" 2023-09-19", "4.0")]
    public void Release_is_known_from_the_jars(string version, string java, string release)
    {
        string home = FakeSpark.Home(_folder, version);
        SparkHome found = SparkHome.Find(null, FakeSpark.Environment(home, FakeSpark.Java(_folder, java)));
        Assert.Equal((home, release), (found.Folder, found.Release.Name));
    }

    private static void Refused(string? home, string? java, string code, string message)
    {
        OneRecException thrown = Assert.Throws<OneRecException>(() => SparkHome.Find(null, FakeSpark.Environment(home, java)));
        Assert.Equal((ErrorKind.Configuration, code, message), (thrown.Kind, thrown.Code, thrown.Message));
    }
}
