using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>One Spark for a class, started by the first test that asks.</summary>
public abstract class DeltaLakeFixture(string sparkVersion) : IDisposable
{
    private PySparkSession? _spark;

    public PySparkSession Spark() =>
        _spark ??= PySparkSession.StartOrSkip(sparkVersion, "tests/OneRec.Delta.Tests/pyspark/delta_cases.py");

    public void Dispose()
    {
        _spark?.Dispose();
        GC.SuppressFinalize(this);
    }
}
