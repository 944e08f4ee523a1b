namespace OneRec.Engines.Tests.Desks;

/// <summary>Spark 3.5.3 with Delta Lake 3.3.3.</summary>
public sealed class Spark35Desk() : SparkDesk("3.5.3")
{
    public const string Name = "Spark 3.5.3";
}

/// <summary>All tests that share its session.</summary>
[CollectionDefinition(Spark35Desk.Name)]
public sealed class Spark35Tests : ICollectionFixture<Spark35Desk>;
