using OneRec.Core;
using OneRec.Engine.Spark.Session;

namespace OneRec.Pipeline.Tests.Engines.Spark.Session;

public class SparkSettingsTests
{
    [Fact]
    public void Local_master_stays_on_loopback_and_small()
    {
        IReadOnlyDictionary<string, string> settings = SparkSettings.For("local[4]", new Dictionary<string, string>());
        Assert.Equal("127.0.0.1", settings["spark.driver.host"]);
        Assert.Equal("127.0.0.1", settings["spark.driver.bindAddress"]);
        Assert.Equal("false", settings["spark.ui.enabled"]);
        Assert.Equal("8", settings["spark.sql.shuffle.partitions"]);
        Assert.Equal("UTC", settings["spark.sql.session.timeZone"]);
    }

    [Theory]
    [InlineData("local", "2")]
    [InlineData("local[3,2]", "6")]
    [InlineData("local-cluster[3,2,1024]", "12")]
    public void Partitions_follow_the_cores(string master, string partitions) =>
        Assert.Equal(partitions, SparkSettings.For(master, new Dictionary<string, string>())["spark.sql.shuffle.partitions"]);

    [Fact]
    public void Cluster_keeps_sparks_own_defaults_and_the_user_wins()
    {
        IReadOnlyDictionary<string, string> settings = SparkSettings.For(
            "spark://host:7077",
            new Dictionary<string, string> { ["spark.ui.enabled"] = "true", ["spark.sql.extensions"] = "a.B, io.delta.sql.DeltaSparkSessionExtension" });
        Assert.False(settings.ContainsKey("spark.driver.host"));
        Assert.False(settings.ContainsKey("spark.sql.shuffle.partitions"));
        Assert.Equal("true", settings["spark.ui.enabled"]);
        Assert.Equal("a.B, io.delta.sql.DeltaSparkSessionExtension", settings["spark.sql.extensions"]);
    }

    [Theory]
    [InlineData("spark.sql.session.timeZone", "Europe/Berlin", "UTC")]
    [InlineData("spark.sql.ansi.enabled", "false", "true")]
    [InlineData("spark.sql.extensions", "a.B", "io.delta.sql.DeltaSparkSessionExtension")]
    public void Setting_that_results_depend_on_is_refused(string name, string value, string promised)
    {
        OneRecException thrown = Assert.Throws<OneRecException>(
            () => SparkSettings.For("local[1]", new Dictionary<string, string> { [name] = value }));
        Assert.Equal(ErrorKind.Configuration, thrown.Kind);
        Assert.Equal($"{name} must be {promised} (got {value}) because results depend on it; remove the setting", thrown.Message);
    }
}
