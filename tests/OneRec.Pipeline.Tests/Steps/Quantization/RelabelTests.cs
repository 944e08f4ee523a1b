using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Steps.Train.Relabel;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>A new codebook takes the labels of the old one where most items agree.</summary>
public sealed class RelabelTests : IDisposable
{
    private readonly QuantizationDesk _desk = new(Options(null));
    private readonly TestItem[] _items = TestItem.Many(240, 4, 9, 6);

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Labels_are_the_best_of_all_permutations(ulong seed)
    {
        var random = new SplitMix64(seed);
        for (int round = 0; round < 60; round++)
        {
            int codes = 1 + (int)random.NextBelow(6);
            var counts = new List<(int Code, int Label, long Items)>();
            for (int code = 0; code < codes; code++)
            {
                // Labels beyond the codes are those of an old codebook with more of them.
                for (int label = 0; label < codes + 1; label++)
                {
                    if (random.NextBelow(3) == 0)
                    {
                        counts.Add((code, label, 1 + random.NextBelow(20)));
                    }
                }
            }

            int[] labels = BestLabels.Choose(codes, counts);
            Assert.Equal(Enumerable.Range(0, codes), labels.Order());
            long best = Permutations(codes).Max(Kept);
            Assert.Equal(best, Kept(labels));

            long Kept(int[] of) => counts.Where(c => of[c.Code] == c.Label).Sum(c => c.Items);
        }
    }

    [Fact]
    public void Thousands_of_codes_take_seconds()
    {
        const int Codes = 8192;
        var random = new SplitMix64(7);
        int[] hidden = random.Permutation(Codes);
        var counts = Enumerable.Range(0, Codes)
            .SelectMany(code => new[] { (code, hidden[code], 60L), (code, (int)random.NextBelow(Codes), 1 + random.NextBelow(30)), (code, (int)random.NextBelow(Codes), 1L) })
            .DistinctBy(c => (c.Item1, c.Item2));
        Assert.Equal(hidden, BestLabels.Choose(Codes, counts));
    }

    [Fact]
    public void The_same_training_gets_the_same_codebook()
    {
        string old = TrainAndPublish();
        Retrain(5, "current");
        Assert.Equal(old, Newest());
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void Another_seed_moves_fewer_items_and_says_how_many(long seed)
    {
        string old = TrainAndPublish();
        Retrain(seed, null);
        string plain = Newest();
        StepSummary train = Retrain(seed, "current");
        string relabelled = Newest();

        // The same centroids at each level, in another order.
        Assert.NotEqual(plain, relabelled);
        Assert.Equal(Centroids(plain), Centroids(relabelled));
        (double without, double with) = (Moved(old, plain), Moved(old, relabelled));
        Assert.True(with < without, $"{with} {without}");
        Fact fact = train.Facts.Single(f => f.Name == "items whose codes change");
        Assert.Equal(with, (double)fact.Json!["share"]!, 1e-9);
        Assert.Equal(without, (double)fact.Json!["without_relabelling"]!, 1e-9);
        Assert.Equal(_items.Length, (long)fact.Json!["items"]!);
    }

    [Fact]
    public void Codebook_without_ids_is_refused()
    {
        _desk.Embed(_items);
        _desk.Run("train");
        string first = Newest();
        Set(6, first);
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run("train"));
        Assert.Equal(
            ("train.relabel", $"semantic_ids has no IDs of codebook {first} for the items to train on; set train.relabelFrom to a codebook that has"),
            (e.Code, e.Message));
    }

    [Fact]
    public void Codebook_of_fewer_codes_and_levels_is_relabelled_as_far_as_it_goes()
    {
        string old = TrainAndPublish();
        _desk.Options = _desk.Options with { Sections = [new TrainOptions { Levels = 3, Codes = [3, 5, 2], Epochs = 2, Refine = 1, RelabelFrom = old }], Run = new RunSection { Retrain = true } };
        StepSummary train = _desk.Run("train", "assign").Steps[0];
        Assert.Equal(1.0, (double)train.Facts.Single(f => f.Name == "items whose codes change").Json!["share"]!);
        Assert.Equal(3, _desk.Query("semantic_ids", $"SELECT DISTINCT first_code FROM semantic_ids WHERE codebook_id = '{Newest()}'").Count);
    }

    private static TrainOptions Options(string? relabelFrom) => new() { Levels = 2, Codes = [4], Epochs = 2, Refine = 1, RelabelFrom = relabelFrom };

    private static IEnumerable<int[]> Permutations(int n) => n == 0
        ? [[]]
        : Permutations(n - 1).SelectMany(p => Enumerable.Range(0, n).Select(at => p[..at].Append(n - 1).Concat(p[at..]).ToArray()));

    private string TrainAndPublish()
    {
        _desk.Embed(_items);
        _desk.Run("train", "assign", "publish");
        return Newest();
    }

    private StepSummary Retrain(long seed, string? relabelFrom)
    {
        Set(seed, relabelFrom);
        return _desk.Run("train", "assign").Steps[0];
    }

    private void Set(long seed, string? relabelFrom) =>
        _desk.Options = _desk.Options with { Seed = seed, Sections = [Options(relabelFrom)], Run = new RunSection { Retrain = true } };

    private string Newest() => _desk.With(engine => Pipeline.Tables.CodebookChoice.Resolve(engine, "newest").CodebookId);

    private string[] Centroids(string codebook) =>
    [
        .. _desk.Query("codebooks", $"SELECT level, centroid FROM codebooks WHERE codebook_id = '{codebook}'")
            .Select(row => $"{row[0]}: {string.Join(' ', ((System.Collections.IEnumerable)row[1]!).Cast<object>())}")
            .Order(StringComparer.Ordinal),
    ];

    private double Moved(string a, string b)
    {
        object?[] row = _desk.Query(
            "semantic_ids",
            $"""
            SELECT count(*) AS n, CAST(sum(CASE WHEN x.sid <> y.sid THEN 1 ELSE 0 END) AS BIGINT) AS moved
            FROM semantic_ids AS x JOIN semantic_ids AS y ON x.item_id = y.item_id
            WHERE x.codebook_id = '{a}' AND y.codebook_id = '{b}'
            """)[0];
        return (long)row[1]! / (double)(long)row[0]!;
    }
}
