namespace OneRec.Engines.Tests.Desks;

/// <summary>Executors in processes of their own on this machine (<c>local-cluster</c>): a task that dies is tried again.</summary>
public abstract class LocalClusterDesk(string version, int executors, int cores)
    : SparkDesk(version, $"local-cluster[{executors},{cores},1024]", ("spark.executor.memory", "1g"));

/// <summary>Two executors of a core each.</summary>
public sealed class TwoExecutorsDesk() : LocalClusterDesk("3.5.3", 2, 1)
{
    public const string Name = "Spark 3.5.3, two executors";
}

/// <summary>All tests that share its session.</summary>
[CollectionDefinition(TwoExecutorsDesk.Name)]
public sealed class TwoExecutorsTests : ICollectionFixture<TwoExecutorsDesk>;

/// <summary>Two executors of a core each.</summary>
public sealed class TwoExecutors40Desk() : LocalClusterDesk("4.0.5", 2, 1)
{
    public const string Name = "Spark 4.0.5, two executors";
}

/// <summary>All tests that share its session.</summary>
[CollectionDefinition(TwoExecutors40Desk.Name)]
public sealed class TwoExecutors40Tests : ICollectionFixture<TwoExecutors40Desk>;

/// <summary>One executor of two cores: its tasks share a worker.</summary>
public sealed class TwoCoresDesk() : LocalClusterDesk("3.5.3", 1, 2)
{
    public const string Name = "Spark 3.5.3, one executor of two cores";
}

/// <summary>All tests that share its session.</summary>
[CollectionDefinition(TwoCoresDesk.Name)]
public sealed class TwoCoresTests : ICollectionFixture<TwoCoresDesk>;

/// <summary>One executor of two cores: its tasks share a worker.</summary>
public sealed class TwoCores40Desk() : LocalClusterDesk("4.0.5", 1, 2)
{
    public const string Name = "Spark 4.0.5, one executor of two cores";
}

/// <summary>All tests that share its session.</summary>
[CollectionDefinition(TwoCores40Desk.Name)]
public sealed class TwoCores40Tests : ICollectionFixture<TwoCores40Desk>;
