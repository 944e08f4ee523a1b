using OneRec.Core;
using OneRec.Kernels.Ranking;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Sampling;

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
        _desk.Run("ingest", "align", "embed");
        (double aligned, double cold) = Purity();
        _desk.Options = _desk.Options with { Sections = [_desk.Options.Section<EmbedOptions>() with { Model = "pool" }] };
        _desk.Run("embed");
        (double pooled, double coldPooled) = Purity();

        Assert.InRange(pooled, 0.2, 0.7);
        Assert.True(aligned > 1.3 * pooled, $"{aligned} {pooled}");
        Assert.True(cold > 1.3 * coldPooled, $"{cold} {coldPooled}");
    }

    // The share of the ten nearest items that have the item's subtopic: of all items, and of those that training left out.
    private (double All, double Cold) Purity()
    {
        string model = (string)_desk.Query("runs", "SELECT facts FROM runs WHERE step = 'embed' ORDER BY finished_at DESC NULLS LAST LIMIT 1")[0][0]!;
        string id = System.Text.RegularExpressions.Regex.Match(model, "\"model\",\"value\":\"([0-9a-f]{16})\"").Groups[1].Value;
        List<object?[]> rows = _desk.Query("item_embeddings", $"SELECT item_id, embedding FROM item_embeddings WHERE model_id = '{id}' ORDER BY item_id ASC NULLS FIRST");
        Dictionary<long, string> truth = File.ReadLines(_desk["data/truth.csv"]).Skip(1).Select(l => l.Split(',')).ToDictionary(f => long.Parse(f[0]), f => $"{f[1]}/{f[2]}");
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
        return (shares.Average(), cold.Average());
    }
}
