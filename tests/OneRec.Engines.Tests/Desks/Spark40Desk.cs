namespace OneRec.Engines.Tests.Desks;

/// <summary>Spark 4.0.5 with Delta Lake 4.0.1.</summary>
public sealed class Spark40Desk() : SparkDesk("4.0.5")
{
    public const string Name = "Spark 4.0.5";
}

/// <summary>All tests that share its session.</summary>
[CollectionDefinition(Spark40Desk.Name)]
public sealed class Spark40Tests : ICollectionFixture<Spark40Desk>;
