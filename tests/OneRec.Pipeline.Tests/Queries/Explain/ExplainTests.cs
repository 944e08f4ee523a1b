using System.Text.Json.Nodes;
using OneRec.Cli;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Queries.Explain;
using OneRec.Pipeline.Tests.Queries.Describe;

namespace OneRec.Pipeline.Tests.Queries.Explain;

/// <summary>What explain tells, against brute force in double over the tables.</summary>
public sealed class ExplainTests(ExplainedNight night) : IClassFixture<ExplainedNight>
{
    private readonly DescribeDesk _desk = night.Desk;

    [Fact]
    public void Distances_margins_and_the_ID_of_the_second_best_code_are_those_of_brute_force()
    {
        double[][][] codebook = Codebook();
        foreach (Lineage found in Explain(3, [.. _desk.Items.Select(i => i.Id)]))
        {
            float[] vector = Embedding((long)found.Item);
            int[] codes = Encode([.. vector.Select(v => (double)v)], codebook, 0);
            Assert.Equal(string.Join('-', codes), (string)found.Fact("id", "sid").Value!);
            double[] residual = [.. vector.Select(v => (double)v)];
            for (int level = 0; level < codebook.Length; level++)
            {
                double[] distances = [.. codebook[level].Select(c => Squared(residual, c))];
                int[] order = [.. Enumerable.Range(0, distances.Length).OrderBy(k => distances[k])];
                JsonNode told = found.Fact("codes", $"level_{level}").Value!;
                Assert.Equal((order[0], order[1]), ((int)told["code"]!, (int)told["second_code"]!));
                Assert.Equal(distances[order[0]], (double)told["distance"]!, 1e-6);
                Assert.Equal(distances[order[1]], (double)told["second_distance"]!, 1e-6);
                Assert.Equal(distances[order[1]] - distances[order[0]], (double)told["margin"]!, 1e-6);

                int[] would = [.. codes[..level], order[1], .. Encode(Minus(residual, codebook[level][order[1]]), codebook, level + 1)];
                Assert.Equal(string.Join('-', would), (string)told["second_sid"]!);
                string prefix = string.Join('-', would[..(level + 1)]);
                Assert.Equal(prefix, (string)told["second_prefix"]!);
                Assert.Equal(Under(prefix), (long)told["second_prefix_items"]!);

                // At the end of the move both centroids are equally near; a little before it the first one still is.
                double move = (double)told["move"]!;
                double[] way = Minus(codebook[level][order[1]], codebook[level][order[0]]);
                double length = Math.Sqrt(way.Sum(x => x * x));
                double[] Moved(double by) => [.. residual.Select((x, t) => x + (by * way[t] / length))];
                Assert.Equal(Squared(Moved(move), codebook[level][order[0]]), Squared(Moved(move), codebook[level][order[1]]), 1e-6);
                Assert.True(Squared(Moved(move + 1e-3), codebook[level][order[0]]) > Squared(Moved(move + 1e-3), codebook[level][order[1]]));
                residual = Minus(residual, codebook[level][order[0]]);
            }

            Assert.False(found.Has("codes", "differs"));
        }
    }

    [Fact]
    public void Neighbours_by_embedding_are_those_of_brute_force_with_titles_and_IDs()
    {
        float[] one = Embedding(1);
        double[] expected = [.. Enumerable.Range(2, 23).Select(i => Cosine(one, Embedding(i))).OrderDescending().Take(15)];
        JsonArray told = (JsonArray)Assert.Single(Explain(15, "1")).Fact("embedding", "nearest").Value!;
        Assert.Equal(15, told.Count);
        Assert.All(told.Zip(expected), n => Assert.Equal(n.Second, (double)n.First!["cosine"]!, 1e-12));
        Assert.All(told, n => Assert.Equal(Cosine(one, Embedding((long)n!["item_id"]!)), (double)n["cosine"]!, 1e-12));
        long[] items = [.. told.Select(n => (long)n!["item_id"]!)];
        Assert.Equal(15, items.Distinct().Count());
        Assert.DoesNotContain(1L, items);
        // They have the same vector: the lower id comes first.
        Assert.Equal(System.Array.IndexOf(items, 2L) + 1, System.Array.IndexOf(items, 14L));
        foreach (JsonNode? neighbour in told)
        {
            (string sid, int slot) = night.Ids.Value[(long)neighbour!["item_id"]!];
            Assert.Equal(($"title {neighbour["item_id"]}", sid, slot), ((string)neighbour["title"]!, (string)neighbour["sid"]!, (int)neighbour["slot"]!));
        }
    }

    [Fact]
    public void Neighbours_by_prefix_share_the_most_codes_and_those_by_Swing_and_pairs_are_the_tables()
    {
        Lineage found = Assert.Single(Explain(100, "7"));
        string[] Sid(long item) => night.Ids.Value[item].Sid.Split('-');
        int Shared(long item) => Sid(item).Zip(Sid(7)).TakeWhile(c => c.First == c.Second).Count();
        (long, int)[] expected =
        [
            .. Enumerable.Range(1, 24).Where(i => i != 7).Select(i => (Item: (long)i, Shared: Shared(i)))
                .Where(n => n.Shared > 0).OrderByDescending(n => n.Shared).ThenBy(n => n.Item),
        ];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, ((JsonArray)found.Fact("prefix", "nearest").Value!).Select(n => ((long)n!["item_id"]!, (int)n["same_codes"]!)));

        List<object?[]> similar = _desk.Query(
            "item_similarity", "SELECT similar_item_id, score, common_users FROM item_similarity WHERE item_id = 7 ORDER BY rank");
        Assert.NotEmpty(similar);
        Assert.Equal(
            similar.Select(r => ((long)r[0]!, (double)r[1]!, (long)(int)r[2]!)),
            ((JsonArray)found.Fact("swing", "nearest").Value!).Select(n => ((long)n!["item_id"]!, (double)n["score"]!, (long)n["common_users"]!)));

        foreach ((string name, string source, string own, string other) in new[]
        {
            ("i2i", "i2i", "item_id", "pair_item_id"), ("i2i_from", "i2i", "pair_item_id", "item_id"),
            ("u2i", "u2i", "item_id", "pair_item_id"), ("u2i_from", "u2i", "pair_item_id", "item_id"),
        })
        {
            List<object?[]> pairs = _desk.Query(
                "item_pairs", $"SELECT {other}, weight, support FROM item_pairs WHERE {own} = 7 AND source = '{source}' ORDER BY weight DESC, {other}");
            Assert.Equal(pairs.Count > 0, found.Has("pairs", name));
            if (pairs.Count > 0)
            {
                Assert.Equal(pairs.Count, (long)found.Fact("pairs", name + "_count").Value!);
                Assert.Equal(
                    pairs.Select(r => ((long)r[0]!, (double)r[1]!, (long)r[2]!)),
                    ((JsonArray)found.Fact("pairs", name).Value!).Select(n => ((long)n!["item_id"]!, (double)n["weight"]!, (long)n["support"]!)));
            }
        }

        Assert.True(found.Has("pairs", "i2i"));
    }

    [Fact]
    public void An_item_that_is_not_there_says_so_and_is_no_error()
    {
        IReadOnlyList<Lineage> found = Explain(2, "999", "1");
        Assert.Equal(("no ID", "it is not in items"), (found[0].Headline, found[0].Text("id", "why_none")));
        Assert.Equal("the item has no embedding of its current content", found[0].Text("codes", "not_known"));
        Assert.Equal("[]", found[0].Json("embedding", "nearest"));
        Assert.EndsWith("title 1", found[1].Headline, StringComparison.Ordinal);
        Assert.Equal(2, ((JsonArray)found[1].Fact("embedding", "nearest").Value!).Count);
    }

    [Fact]
    public void An_id_of_another_type_is_refused()
    {
        OneRecException refused = Assert.Throws<OneRecException>(() => Explain(2, "x'; DROP"));
        Assert.Equal((ErrorKind.Configuration, "explain.item"), (refused.Kind, refused.Code));
    }

    [Fact]
    public void Lost_tables_are_told_in_their_sections()
    {
        using var desk = new DescribeDesk();
        desk.Run("night-1");
        foreach (string table in new[] { "item_similarity", "item_pairs", "item_embeddings", "items", "codebooks" })
        {
            Directory.Delete(Path.Combine(desk["tables"], table), recursive: true);
        }

        Lineage found = Assert.Single(Explain(desk, 2, "7"));
        Assert.Equal("there is no table item_similarity: there was no log", found.Text("swing", "nearest"));
        Assert.Equal("there is no table item_pairs: there was no log", found.Text("pairs", "count"));
        Assert.Equal("the item has no embedding of the codebook's model", found.Text("embedding", "nearest"));
        Assert.StartsWith("the embedding that the ID was computed from is not in item_embeddings", found.Text("codes", "not_known"), StringComparison.Ordinal);
        Assert.NotEmpty((JsonArray)found.Fact("prefix", "nearest").Value!);
    }

    private IReadOnlyList<Lineage> Explain(int most, params string[] items) => Explain(_desk, most, items);

    private static IReadOnlyList<Lineage> Explain(DescribeDesk desk, int most, params string[] items)
    {
        using IEngine engine = EngineFactory.Create("local", desk.Options, TimeProvider.System, CancellationToken.None, EngineAccess.Read);
        return ExplainQuery.Run(engine, desk.Options, items, most, CancellationToken.None);
    }

    private double[][][] Codebook() =>
    [
        .. _desk.Query("codebooks", "SELECT level, code, centroid FROM codebooks ORDER BY level, code")
            .GroupBy(r => (int)r[0]!)
            .Select(l => l.Select(r => ((object?[])r[2]!).Select(v => (double)(float)v!).ToArray()).ToArray()),
    ];

    private float[] Embedding(long item) => night.Embeddings.Value[item];

    private long Under(string prefix) => night.Ids.Value.Values.LongCount(
        r => r.Sid == prefix || r.Sid.StartsWith(prefix + "-", StringComparison.Ordinal));

    private static int[] Encode(double[] residual, double[][][] codebook, int from)
    {
        var codes = new List<int>();
        foreach (double[][] level in codebook[from..])
        {
            codes.Add(Enumerable.Range(0, level.Length).MinBy(k => Squared(residual, level[k])));
            residual = Minus(residual, level[codes[^1]]);
        }

        return [.. codes];
    }

    private static double[] Minus(double[] left, double[] right) => [.. left.Zip(right, (a, b) => a - b)];

    private static double Squared(double[] left, double[] right) => Minus(left, right).Sum(x => x * x);

    private static double Cosine(float[] left, float[] right) => left.Zip(right, (a, b) => (double)a * b).Sum()
        / Math.Sqrt(left.Sum(a => (double)a * a) * right.Sum(b => (double)b * b));
}

/// <summary>One night of the small job, in which items 2 and 14 have the same vector.</summary>
public sealed class ExplainedNight : IDisposable
{
    public ExplainedNight()
    {
        Desk.Items[13] = Desk.Items[13] with { Vector = Desk.Items[1].Vector };
        Desk.Run("night-1");
        Embeddings = new(() => Desk.Query("item_embeddings", "SELECT item_id, embedding FROM item_embeddings")
            .ToDictionary(r => (long)r[0]!, r => ((object?[])r[1]!).Select(v => (float)v!).ToArray()));
        Ids = new(() => Desk.Query("semantic_ids", "SELECT item_id, sid, slot FROM semantic_ids").ToDictionary(r => (long)r[0]!, r => ((string)r[1]!, (int)r[2]!)));
    }

    internal DescribeDesk Desk { get; } = new();

    /// <summary>Embeddings by item.</summary>
    internal Lazy<Dictionary<long, float[]>> Embeddings { get; }

    /// <summary>IDs by item.</summary>
    internal Lazy<Dictionary<long, (string Sid, int Slot)>> Ids { get; }

    public void Dispose() => Desk.Dispose();
}
