namespace OneRec.Delta.Tests;

/// <summary>Delta Lake 3.3.3 on Spark 3.5.3.</summary>
public sealed class DeltaLake33Tests(DeltaLake33Tests.Lake lake) : DeltaLakeTests(lake), IClassFixture<DeltaLake33Tests.Lake>
{
    public sealed class Lake() : DeltaLakeFixture("3.5.3");
}
