using OneRec.Cli;
using OneRec.Core;
using OneRec.Engine.Spark.Launch;
using OneRec.Pipeline.Configuration;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Engines.Spark.Launch;

public sealed class SparkSetupTests : IDisposable
{
    private readonly ScratchFolder _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public void Options_of_a_run_set_up_the_engine()
    {
        File.WriteAllText(_program["onerec-worker"], "");
        SparkOptions setup = SparkSetup.Of(
            new OneRecOptions
            {
                Threads = 4,
                MemoryLimit = "2 GiB",
                Tables = _program["tables"],
                Spark = new Dictionary<string, string> { ["sql.shuffle.partitions"] = "8" },
            },
            _program.Path);
        Assert.Equal(("local[4]", _program["tables"], _program["onerec-worker"]), (setup.Master, setup.Tables, setup.Worker));
        Assert.Equal(512L << 20, setup.TaskMemory);
        Assert.Equal(KeyValuePair.Create("spark.sql.shuffle.partitions", "8"), Assert.Single(setup.Settings));
    }

    [Fact]
    public void Worker_and_tables_may_lie_where_executors_find_them()
    {
        SparkOptions setup = SparkSetup.Of(
            new OneRecOptions
            {
                Tables = "hdfs://names/tables",
                Spark = new Dictionary<string, string> { ["pyspark.python"] = "./app/onerec-worker" },
            },
            _program.Path);
        Assert.Equal(("hdfs://names/tables", "./app/onerec-worker"), (setup.Tables, setup.Worker));
    }

    [Fact]
    public void Worker_that_is_missing_says_what_to_do()
    {
        OneRecException thrown = Assert.Throws<OneRecException>(() => SparkSetup.Of(new OneRecOptions(), _program.Path));
        Assert.Equal((ErrorKind.Configuration, "spark.worker"), (thrown.Kind, thrown.Code));
        Assert.Equal(
            $"{_program["onerec-worker"]} does not exist: build src/OneRec.Cli again, or set spark.pyspark.python to the path of onerec-worker on the executors",
            thrown.Message);
    }
}
