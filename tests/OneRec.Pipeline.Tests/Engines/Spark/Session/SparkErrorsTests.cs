using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;
using OneRec.Kernels.Remote;

namespace OneRec.Pipeline.Tests.Engines.Spark.Session;

public sealed class SparkErrorsTests
{
    [Fact]
    public void Full_disk_says_what_to_free()
    {
        OneRecException told = Translate(
            ("org.apache.spark.SparkException", "Job aborted due to stage failure: Task 0 in stage 3.0 failed 1 times\nmore"),
            ("java.io.IOException", "No space left on device"));
        Assert.Equal((ErrorKind.Engine, "spark.disk"), (told.Kind, told.Code));
        Assert.Equal("no disk space left for Spark: free space on the disk of the tables, or set spark.local.dir to a folder on a larger disk", told.Message);
    }

    [Fact]
    public void Kernels_failure_keeps_its_kind_code_and_line()
    {
        string sent = WorkerFailure.Write(OneRecException.Input("input.vector", "item 7: 3 floats where 4 are due"), "at A\nat B");
        OneRecException told = Translate(
            ("org.apache.spark.SparkException", "Exception thrown in awaitResult"),
            ("org.apache.spark.api.python.PythonException", sent));
        Assert.Equal((ErrorKind.Input, "input.vector", "item 7: 3 floats where 4 are due"), (told.Kind, told.Code, told.Message));
    }

    [Fact]
    public void Other_failures_are_the_innermost_causes_first_line()
    {
        OneRecException told = Translate(
            ("org.apache.spark.SparkException", "Exception thrown in awaitResult"),
            ("java.lang.IllegalStateException", "\n  first line\nsecond"));
        Assert.Equal((ErrorKind.Engine, "spark.failed"), (told.Kind, told.Code));
        Assert.Equal("Spark failed: IllegalStateException: first line", told.Message);
    }

    private static OneRecException Translate(params (string Type, string Message)[] chain) => SparkErrors.Translate(
        new JvmException(chain[0].Message, [.. chain.Select(c => new JvmCause(c.Type, c.Message))], ""));
}
