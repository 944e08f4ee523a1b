using OneRec.Engine;
using OneRec.Engines.Tests.Desks;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries.Explain;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Job;

/// <summary>What explain tells through Spark is what the local engine tells.</summary>
public abstract class ExplainOnSparkTests(SparkDesk desk) : IDisposable
{
    private readonly SampleCase _case = new();

    [Fact]
    public void Items_are_explained_as_by_the_local_engine()
    {
        OneRecOptions options = _case.First("local");
        JobOnBoth.RunLocally(options);
        string[] expected;
        using (IEngine local = new LocalDesk().OpenShipped(options.Tables))
        {
            expected = Told(local, options);
        }

        Assert.True(expected.Length > 30);
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
        .. ExplainQuery.Run(engine, options, ["1", "-9", "3"], 10, CancellationToken.None).SelectMany(item => item.Sections
            .SelectMany(s => s.Facts.Select(f => $"{item.Item} {item.Headline} {s.Name} {f.Name} {f.Value?.ToJsonString()} {string.Join('|', f.Lines)}"))),
    ];
}

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class ExplainOnSpark35Tests(Spark35Desk desk) : ExplainOnSparkTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class ExplainOnSpark40Tests(Spark40Desk desk) : ExplainOnSparkTests(desk);
