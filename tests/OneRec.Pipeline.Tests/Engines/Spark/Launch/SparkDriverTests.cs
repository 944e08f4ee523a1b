using OneRec.Core;
using OneRec.Engine.Spark.Launch;

namespace OneRec.Pipeline.Tests.Engines.Spark.Launch;

public sealed class SparkDriverTests
{
    [Fact]
    public void Microsoft_spark_is_refused_on_a_spark_that_it_was_not_made_for()
    {
        SparkDriver.RequireDotnetRunner("3.5.3");
        OneRecException thrown = Assert.Throws<OneRecException>(() => SparkDriver.RequireDotnetRunner("4.0.5"));
        Assert.Equal((ErrorKind.Configuration, "spark.release"), (thrown.Kind, thrown.Code));
        Assert.Equal(
            "Microsoft.Spark has no DotnetRunner for Spark 4.0.5: submit with jobs/spark-step, which uses Py4J", thrown.Message);
    }
}
