using OneRec.Engine.Spark.Launch;

namespace OneRec.Pipeline.Tests.Engines.Spark.Launch;

public sealed class SparkSubmitTests
{
    private static readonly Dictionary<string, string> Started = new() { ["PYSPARK_GATEWAY_PORT"] = "1" };

    [Fact]
    public void Primary_resource_is_left_out_where_spark_submit_started_us() =>
        Assert.Equal(["run", "x.py"], SparkSubmit.Arguments(["/jobs/onerec.py", "run", "x.py"], Started));

    [Fact]
    public void Arguments_of_a_person_stay_as_they_are() =>
        Assert.Equal(["x.py", "run"], SparkSubmit.Arguments(["x.py", "run"], new Dictionary<string, string>()));
}
