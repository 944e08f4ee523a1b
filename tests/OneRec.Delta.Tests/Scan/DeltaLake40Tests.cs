using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Delta Lake 4.0.1 on Spark 4.0.5.</summary>
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class DeltaLake40Tests(DeltaLake40Tests.Lake lake) : DeltaLakeTests(lake), IClassFixture<DeltaLake40Tests.Lake>
{
    public sealed class Lake() : DeltaLakeFixture("4.0.5");
}
