using OneRec.Core;
using OneRec.Kernels.Ranking;

namespace OneRec.Kernels.Tests.Ranking;

public sealed class PartnerHitsTests
{
    private const int Items = 400;
    private const int D = 7;

    [Fact]
    public void Hits_are_those_of_a_sorted_list()
    {
        var random = new SplitMix64(3);
        float[] vectors = [.. Enumerable.Range(0, Items * D).Select(_ => (float)(random.NextDouble() - 0.5))];
        var queries = new List<PartnerQuery>();
        for (int q = 0; q < 60; q++)
        {
            int item = (int)random.NextBelow(Items);
            HashSet<int> partners = [.. Draw(ref random, 1 + (int)random.NextBelow(9)).Where(p => p != item)];
            HashSet<int> known = [.. Draw(ref random, 30).Where(k => k != item && !partners.Contains(k))];
            if (partners.Count > 0)
            {
                queries.Add(new PartnerQuery(item, partners, known));
            }
        }

        HashSet<int> popular = [.. Draw(ref random, 80)];
        HashSet<int> seen = [.. Draw(ref random, 300)];
        var cosines = new double[Items, Items];
        for (int a = 0; a < Items; a++)
        {
            for (int b = 0; b < Items; b++)
            {
                cosines[a, b] = Cosine(vectors, a, b);
            }
        }

        double[] Shares(int k, Func<PartnerQuery, int, bool> left, Func<PartnerQuery, int, bool> counts) =>
        [
            .. queries.Where(q => q.Partners.Any(p => counts(q, p))).Select(q =>
            {
                int[] ranked = [.. Enumerable.Range(0, Items).Where(i => i != q.Item && left(q, i)).OrderByDescending(i => cosines[q.Item, i]).Take(k)];
                return q.Partners.Count(p => counts(q, p) && ranked.Contains(p)) / (double)q.Partners.Count(p => counts(q, p));
            }),
        ];
        bool All(PartnerQuery q, int i) => true;
        bool Unknown(PartnerQuery q, int i) => !q.Known.Contains(i);
        bool Rare(PartnerQuery q, int i) => !popular.Contains(i);

        foreach (int threads in new[] { 1, 3 })
        {
            PartnerHits hits = PartnerHits.Measure(new VectorScores([.. vectors], D), queries, popular, seen, threads, TestContext.Current.CancellationToken);
            Assert.Equal(Shares(10, All, All).Average(), hits.H10, 12);
            Assert.Equal(Shares(100, All, All).Average(), hits.H100, 12);
            Assert.Equal(Shares(10, Unknown, All).Average(), hits.F10, 12);
            Assert.Equal(Shares(100, Unknown, All).Average(), hits.F100, 12);
            Assert.Equal(Shares(100, (q, i) => Unknown(q, i) && Rare(q, i), Rare).Average(), hits.Tail100, 12);
            PartnerQuery[] cold = [.. queries.Where(q => !seen.Contains(q.Item))];
            Assert.Equal(cold.Length, hits.ColdItems);
            Assert.Equal(Shares(100, All, All).Where((_, i) => !seen.Contains(queries[i].Item)).Average(), hits.Cold100, 12);
        }
    }

    [Fact]
    public void Random_rankings_find_what_chance_says()
    {
        var random = new SplitMix64(5);
        PartnerQuery[] queries =
        [
            .. Enumerable.Range(0, Items).Select(i => new PartnerQuery(
                i, [.. Draw(ref random, 3).Where(p => p != i).DefaultIfEmpty((i + 1) % Items)], new HashSet<int>())),
        ];
        HashSet<int> popular = [.. Draw(ref random, 50)];
        PartnerHits expected = PartnerHits.Chance(Items, queries, popular, null);
        double sum = 0;
        for (int round = 0; round < 20; round++)
        {
            float[] vectors = [.. Enumerable.Range(0, Items * D).Select(_ => (float)(random.NextDouble() - 0.5))];
            sum += PartnerHits.Measure(new VectorScores(vectors, D), queries, popular, null, 2, TestContext.Current.CancellationToken).Tail100;
        }

        Assert.Equal(100.0 / (Items - 1), expected.H100, 12);
        Assert.Equal(expected.Tail100, sum / 20, 2);
        Assert.True(double.IsNaN(expected.Cold100));
    }

    [Fact]
    public void Equal_scores_go_by_number_and_a_score_that_is_no_number_is_not_found()
    {
        float[] scores = [1, 1, 1, float.NaN];
        PartnerHits hits = PartnerHits.Measure(
            new FixedScores(scores), [new PartnerQuery(0, [3], new HashSet<int>())], null, null, 1, TestContext.Current.CancellationToken);
        Assert.Equal(0, hits.H100);
    }

    private static HashSet<int> Draw(ref SplitMix64 random, int count)
    {
        var drawn = new HashSet<int>();
        while (drawn.Count < count)
        {
            drawn.Add((int)random.NextBelow(Items));
        }

        return drawn;
    }

    private static double Cosine(float[] vectors, int a, int b)
    {
        (double dot, double x, double y) = (0, 0, 0);
        for (int i = 0; i < D; i++)
        {
            (double p, double q) = (vectors[(a * D) + i], vectors[(b * D) + i]);
            (dot, x, y) = (dot + (p * q), x + (p * p), y + (q * q));
        }

        return dot / Math.Sqrt(x * y);
    }
}
