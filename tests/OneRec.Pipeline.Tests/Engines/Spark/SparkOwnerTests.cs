using OneRec.Cli;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Spark;
using OneRec.Engine.Spark.Launch;
using OneRec.Pipeline.Configuration;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Engines.Spark;

public sealed class SparkOwnerTests
{
    [Fact]
    public void Folder_that_another_run_holds_is_refused_before_Spark_is_looked_for()
    {
        using var tables = new ScratchFolder();
        var options = new OneRecOptions { Tables = tables.Path, Threads = 1 };
        using IEngine holder = EngineFactory.Create("local", options, TimeProvider.System, CancellationToken.None);
        OneRecException thrown = Assert.Throws<OneRecException>(() => SparkEngine.Start(
            new SparkOptions { Tables = tables.Path, Worker = "onerec-worker", Home = tables["nowhere"] }, EngineAccess.Run, CancellationToken.None));
        Assert.Equal((ErrorKind.Table, "tables.held"), (thrown.Kind, thrown.Code));
    }

    [Fact]
    public void Folder_is_free_again_where_Spark_does_not_start()
    {
        using var tables = new ScratchFolder();
        OneRecException thrown = Assert.Throws<OneRecException>(() => SparkEngine.Start(
            new SparkOptions { Tables = tables.Path, Worker = "onerec-worker", Home = tables["nowhere"] }, EngineAccess.Run, CancellationToken.None));
        Assert.Equal((ErrorKind.Configuration, "spark.home"), (thrown.Kind, thrown.Code));
        var options = new OneRecOptions { Tables = tables.Path, Threads = 1 };
        EngineFactory.Create("local", options, TimeProvider.System, CancellationToken.None).Dispose();
    }

    [Fact]
    public void Tables_that_only_Spark_reaches_are_refused_by_the_local_engine_and_its_queries()
    {
        var options = new OneRecOptions { Tables = "hdfs://names/tables" };
        foreach (EngineAccess access in Enum.GetValues<EngineAccess>())
        {
            OneRecException thrown = Assert.Throws<OneRecException>(
                () => EngineFactory.Create("local", options, TimeProvider.System, CancellationToken.None, access));
            Assert.Equal((ErrorKind.Configuration, "tables.uri"), (thrown.Kind, thrown.Code));
        }
    }
}
