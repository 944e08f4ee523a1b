using DuckDB.NET.Data;
using OneRec.Core;
using OneRec.Kernels.Ranking;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Sampling;
using OneRec.Testing;

namespace OneRec.Alignment.Tests.Steps;

/// <summary>
/// The generated catalogue's truth, its subtopics, is what users care about. Its token vectors have a style besides, which pooled
/// embeddings take for similarity and an aligned model does not, for items without a history too.
/// </summary>
public sealed class SampleTruthTests : IDisposable
{
    private readonly AlignDesk _desk = new(new SampleOptions
    {
        Items = 600,
        Users = 500,
        Interactions = 25_000,
        Topics = 6,
        Dimensions = 32,
        Tokens = 4,
        Style = 3,
    });

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Alignment_recovers_subtopics_that_style_hides()
    {
        _desk.Options = _desk.Options with { Sections = [new EvaluateOptions { Holdout = "users:0.05", ColdItems = 0.2 }] };
        _desk.Set(a => a with { Width = 32, Heads = 4, Hidden = 64, Epochs = 3, Batch = 256, LearningRate = 0.005 });
        Purity aligned = Measure(_desk, _desk.Run("ingest", "align", "embed"));
        _desk.Options = _desk.Options with { Sections = [_desk.Options.Section<EmbedOptions>() with { Model = "pool" }] };
        Purity pooled = Measure(_desk, _desk.Run("embed"));

        Assert.InRange(pooled.All, 0.2, 0.7);
        Assert.True(aligned.All > 1.3 * pooled.All, $"{aligned} {pooled}");
        Assert.True(aligned.Cold > 1.3 * pooled.Cold, $"{aligned} {pooled}");
    }

    /// <summary>A quarter of the items has a cover and no token vectors, and is compared with the items that have both.</summary>
    [Fact]
    [Trait(TestKind.Trait, TestKind.Deep)]
    public void Alignment_finds_the_subtopic_of_items_that_only_have_images()
    {
        using var desk = new AlignDesk(new SampleOptions { Items = 600, Users = 500, Interactions = 25_000, Topics = 6, Dimensions = 32, Tokens = 4, Covers = 600, Style = 2 });
        string tokens = desk["some-tokens.parquet"];
        Execute($"COPY (SELECT * FROM '{desk["data/tokens.parquet"]}' WHERE item_id % 4 <> 0) TO '{tokens}' (FORMAT parquet)");
        desk.Options = desk.Options with
        {
            Input = desk.Options.Input with { Tokens = tokens, Images = desk["data/covers.parquet"] },
            Sections =
            [
                new EvaluateOptions { Holdout = "users:0.05", ColdItems = 0.2 },
                new EmbedOptions { Model = "aligned", Inputs = [new TokensInput(), new ImageInput { Encoder = Desk.ResNet18() }] },
            ],
        };
        desk.Set(a => a with { Width = 32, Heads = 4, Hidden = 64, Epochs = 8, Batch = 256, LearningRate = 0.005 });
        Purity aligned = Measure(desk, desk.Run("ingest", "align", "embed"));
        desk.Options = desk.Options with { Sections = [desk.Options.Section<EmbedOptions>() with { Model = "pool" }] };
        Purity pooled = Measure(desk, desk.Run("embed"));

        Assert.InRange(pooled.Fourth, 0.2, 0.5);
        Assert.True(aligned.Fourth > 1.5 * pooled.Fourth, $"{aligned} {pooled}");
        Assert.True(aligned.All > 1.5 * pooled.All && aligned.Cold > 1.5 * pooled.Cold, $"{aligned} {pooled}");
    }

    private static Purity Measure(AlignDesk desk, RunSummary embedded)
    {
        string model = embedded.Steps[^1].Facts.Single(f => f.Name == "model").Value;
        List<object?[]> rows = desk.Query("item_embeddings", $"SELECT item_id, embedding FROM item_embeddings WHERE model_id = '{model}' ORDER BY item_id ASC NULLS FIRST");
        Dictionary<long, string> truth = File.ReadLines(desk["data/truth.csv"]).Skip(1).Select(l => l.Split(',')).ToDictionary(f => long.Parse(f[0]), f => $"{f[1]}/{f[2]}");
        string[] topics = [.. rows.Select(r => truth[(long)r[0]!])];
        int d = ((object?[])rows[0][1]!).Length;
        var scores = new VectorScores([.. rows.SelectMany(r => ((object?[])r[1]!).Select(v => (float)v!))], d);
        var own = new float[rows.Count];
        double[] shares = [.. Enumerable.Range(0, rows.Count).Select(i =>
        {
            scores.Score(i, own);
            own[i] = float.NegativeInfinity;
            return Enumerable.Range(0, own.Length).OrderByDescending(o => own[o]).Take(10).Count(o => topics[o] == topics[i]) / 10.0;
        })];
        double[] cold = [.. shares.Where((_, i) => StableHash.Order32(1, "cold", $"{rows[i][0]}") < 0.2 * (1L << 32))];
        Assert.InRange(cold.Length, 60, 180);
        return new Purity(shares.Average(), cold.Average(), shares.Where((_, i) => (long)rows[i][0]! % 4 == 0).Average());
    }

    private static void Execute(string sql)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // The share of the ten nearest items that have the item's subtopic: of all items, of those that training left out, and of
    // every fourth id.
    private sealed record Purity(double All, double Cold, double Fourth);
}
