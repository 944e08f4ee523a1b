using OneRec.Engine;
using OneRec.Engines.Tests.Desks;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Job;

/// <summary>What one engine wrote the other goes on with: a first night here and the next one there leave the same tables.</summary>
public abstract class CrossedNightsTests(SparkDesk desk) : IDisposable
{
    private readonly SampleCase _case = new();

    [Fact]
    public void Tables_of_one_engine_are_continued_by_the_other()
    {
        JobOnBoth.RunLocally(_case.First("local"));
        JobOnBoth.RunLocally(_case.First("spark-after-local"));
        using (IEngine spark = desk.OpenShipped(_case.PathOf("local-after-spark")))
        {
            JobOnBoth.Run(spark, _case.First("local-after-spark"));
        }

        JobOnBoth.RunLocally(_case.Next("local"));
        JobOnBoth.RunLocally(_case.Next("local-after-spark"));
        using (IEngine spark = desk.OpenShipped(_case.PathOf("spark-after-local")))
        {
            JobOnBoth.Run(spark, _case.Next("spark-after-local"));
        }

        JobOnBoth.RequireEqualTables(_case.Next("local"), _case.Next("local-after-spark"));
        JobOnBoth.RequireEqualTables(_case.Next("local"), _case.Next("spark-after-local"));
    }

    public void Dispose()
    {
        _case.Dispose();
        GC.SuppressFinalize(this);
    }
}

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class CrossedNightsOnSpark35Tests(Spark35Desk desk) : CrossedNightsTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class CrossedNightsOnSpark40Tests(Spark40Desk desk) : CrossedNightsTests(desk);
