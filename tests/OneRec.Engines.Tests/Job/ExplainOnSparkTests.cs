using OneRec.Engine;
using OneRec.Engines.Tests.Desks;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Queries.Explain;
using OneRec.Pipeline.Queries.Prefixes;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Job;

/// <summary>What explain and prefix tell through Spark is what they tell on the local engine.</summary>
public abstract class ExplainOnSparkTests(SparkDesk desk) : IDisposable
{
    private readonly SampleCase _case = new();

    [Fact]
    public void Items_and_prefixes_are_told_as_by_the_local_engine()
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

    private static string[] Told(IEngine engine, OneRecOptions options)
    {
        IReadOnlyList<Lineage> items = ExplainQuery.Run(engine, options, ["1", "-9", "3"], 10, CancellationToken.None);
        string first = items[0].Headline.Split('-')[0];
        Lineage[] prefixes = [PrefixQuery.Run(engine, options, null, 10, CancellationToken.None), PrefixQuery.Run(engine, options, first, 10, CancellationToken.None)];
        return
        [
            .. items.Concat(prefixes).SelectMany(item => item.Sections
                .SelectMany(s => s.Facts.Select(f => $"{item.Item} {item.Headline} {s.Name} {f.Name} {f.Value?.ToJsonString()} {string.Join('|', f.Lines)}"))),
        ];
    }
}

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class ExplainOnSpark35Tests(Spark35Desk desk) : ExplainOnSparkTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class ExplainOnSpark40Tests(Spark40Desk desk) : ExplainOnSparkTests(desk);
