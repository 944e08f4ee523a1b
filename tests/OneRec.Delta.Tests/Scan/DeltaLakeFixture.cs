using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>One Spark for the class, started by the first test that asks.</summary>
public sealed class DeltaLakeFixture : IDisposable
{
    private PySparkSession? _spark;

    public PySparkSession Spark() =>
        _spark ??= PySparkSession.StartOrSkip("3.5.3", "tests/OneRec.Delta.Tests/pyspark/delta_cases.py");

    public void Dispose() => _spark?.Dispose();
}
