using OneRec.Engine;
using OneRec.Engines.Tests.Desks;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Job;

/// <summary>One case on both engines: every step of the job leaves the same tables on Spark as on the local engine.</summary>
public abstract class WholeJobTests(SparkDesk desk) : IDisposable
{
    // Other tests of the desk may ask Spark for what it looks for in Python.
    private readonly string _pythonCalls = desk.PythonCalls;
    private readonly SampleCase _case = new();

    [Fact]
    public void Tables_are_equal_on_both_engines_on_the_first_night_and_on_the_next()
    {
        using (IEngine spark = desk.OpenShipped(_case.PathOf("spark")))
        {
            JobOnBoth.RequireEqual(spark, _case.First("local"), _case.First("spark"));
            JobOnBoth.RequireEqual(spark, _case.Next("local"), _case.Next("spark"));
        }

        // The local engine takes Spark's tables for its own: nothing is left to do, and what is published stays published.
        Assert.All(
            JobOnBoth.RunLocally(_case.Next("spark")).Steps,
            step => Assert.True(step.UpToDate || step.LeftOut is not null, step.Step),
            throwIfEmpty: true);
        Assert.Equal(_pythonCalls, desk.PythonCalls);
    }

    public void Dispose()
    {
        _case.Dispose();
        GC.SuppressFinalize(this);
    }
}

// FirstNightTests has the first night on this release; five minutes are too many for the second.
[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class WholeJobOnSpark35Tests(Spark35Desk desk) : WholeJobTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class WholeJobOnSpark40Tests(Spark40Desk desk) : WholeJobTests(desk);

[Collection(TwoExecutorsDesk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class WholeJobOnTwoExecutorsTests(TwoExecutorsDesk desk) : WholeJobTests(desk);

[Collection(TwoCoresDesk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class WholeJobOnTwoCoresTests(TwoCoresDesk desk) : WholeJobTests(desk);

[Collection(TwoExecutors40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class WholeJobOnTwoExecutors40Tests(TwoExecutors40Desk desk) : WholeJobTests(desk);

[Collection(TwoCores40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class WholeJobOnTwoCores40Tests(TwoCores40Desk desk) : WholeJobTests(desk);
