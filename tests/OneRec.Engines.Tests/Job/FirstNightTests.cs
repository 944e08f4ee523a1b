using OneRec.Engine;
using OneRec.Engines.Tests.Desks;

namespace OneRec.Engines.Tests.Job;

/// <summary>The job once on Spark, in every test run: 1,000 items leave the local engine's tables.</summary>
[Collection(Spark35Desk.Name)]
public sealed class FirstNightTests(Spark35Desk desk) : IDisposable
{
    // Other tests of the desk may ask Spark for what it looks for in Python.
    private readonly string _pythonCalls = desk.PythonCalls;
    private readonly SampleCase _case = new();

    [Fact]
    public void Tables_are_the_local_engines()
    {
        using IEngine spark = desk.OpenShipped(_case.PathOf("spark"));
        JobOnBoth.RequireEqual(spark, _case.First("local"), _case.First("spark"));
        Assert.Equal(_pythonCalls, desk.PythonCalls);
    }

    public void Dispose() => _case.Dispose();
}
