using OneRec.Engine;
using OneRec.Engines.Tests.Desks;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Job;

/// <summary>Lineages read through Spark are those that the local engine reads.</summary>
public abstract class DescribeOnSparkTests(SparkDesk desk) : IDisposable
{
    private readonly SampleCase _case = new();

    [Fact]
    public void Lineages_are_the_local_engines()
    {
        OneRecOptions options = _case.First("local");
        JobOnBoth.RunLocally(options);
        string[] expected;
        using (IEngine local = new LocalDesk().OpenShipped(options.Tables))
        {
            expected = Told(local, options);
        }

        Assert.True(expected.Length > 60);
        using IEngine spark = desk.OpenShipped(options.Tables);
        Assert.Equal(expected, Told(spark, options));
    }

    public void Dispose()
    {
        _case.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string[] Told(IEngine engine, OneRecOptions options) =>
    [
        .. DescribeQuery.Run(engine, options, ["1", "-9", "3"], CancellationToken.None).SelectMany(lineage => lineage.Sections
            .SelectMany(s => s.Facts.Select(f => $"{lineage.Item} {lineage.Headline} {s.Name} {f.Name} {f.Value?.ToJsonString()} {string.Join('|', f.Lines)}"))),
    ];
}

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class DescribeOnSpark35Tests(Spark35Desk desk) : DescribeOnSparkTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class DescribeOnSpark40Tests(Spark40Desk desk) : DescribeOnSparkTests(desk);
