using System.Text.Json.Nodes;
using OneRec.Cli;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Queries.Prefixes;
using OneRec.Pipeline.Tests.Queries.Describe;

namespace OneRec.Pipeline.Tests.Queries.Prefixes;

/// <summary>What lies in a prefix, against brute force over the tables.</summary>
public sealed class PrefixTests(PrefixNight night) : IClassFixture<PrefixNight>
{
    private readonly DescribeDesk _desk = night.Desk;

    [Fact]
    public void Sizes_shares_children_and_siblings_are_counted()
    {
        Dictionary<long, string> ids = night.Ids.Value;
        Lineage all = Show(null);
        Assert.Equal(("all", "24 items"), ((string)all.Item!, all.Headline));
        Assert.Equal(Sizes(ids.Values, 1), Pairs(all.Fact("children", "largest")));
        foreach (string first in ids.Values.Select(s => s.Split('-')[0]).Distinct())
        {
            string[] own = [.. ids.Values.Where(s => s.Split('-')[0] == first)];
            Lineage found = Show(first);
            Assert.Equal(own.Length, (long)found.Fact("size", "items").Value!);
            Assert.Equal(own.Length / 24.0, (double)found.Fact("size", "share").Value!);
            Assert.Equal(Sizes(own, 2), Pairs(found.Fact("children", "largest")));
            Assert.Equal(Sizes(ids.Values, 1).Where(s => s.Item1 != first), Pairs(found.Fact("siblings", "largest")));
        }

        string full = ids[7];
        Lineage leaf = Show(full);
        Assert.Equal(ids.Values.Count(s => s == full), (long)leaf.Fact("size", "items").Value!);
        Assert.DoesNotContain(leaf.Sections, s => s.Name == "children");
    }

    [Fact]
    public void Telling_words_are_those_of_the_formula_over_all_items()
    {
        string prefix = night.Ids.Value[7].Split('-')[0];
        HashSet<long> inside = [.. night.Ids.Value.Where(i => i.Value.Split('-')[0] == prefix).Select(i => i.Key)];
        (long Item, string Word)[] all = [.. _desk.Items.SelectMany(i => i.Title.Split(' ').Distinct().Select(w => (Number(i.Id), w)))];
        double total = all.Length, size = all.Count(w => inside.Contains(w.Item));
        (string Word, double Z)[] expected =
        [
            .. all.GroupBy(w => w.Word).Select(g =>
            {
                double y = g.Count(w => inside.Contains(w.Item)), rest = g.Count() - y, prior = size * g.Count() / total;
                double odds = Math.Log((y + prior) / (size + size - y - prior)) - Math.Log((rest + prior) / (total - size + size - rest - prior));
                return (Word: g.Key, Found: y, Z: odds / Math.Sqrt((1 / (y + prior)) + (1 / (rest + prior))));
            }).Where(w => w.Found > 0 && w.Z > 0).OrderByDescending(w => w.Z).ThenBy(w => w.Word, StringComparer.Ordinal).Take(10).Select(w => (w.Word, w.Z)),
        ];
        JsonArray told = (JsonArray)Show(prefix).Fact("words", "words").Value!;
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Select(w => w.Word), told.Select(w => (string)w!["word"]!));
        Assert.All(told.Zip(expected), w => Assert.Equal(w.Second.Z, (double)w.First!["z"]!, 1e-9));
    }

    [Fact]
    public void The_words_of_many_prefixes_at_once_are_those_of_each()
    {
        Dictionary<long, string> ids = night.Ids.Value;
        string[] firsts = [.. ids.Values.Select(s => s.Split('-')[0]).Distinct()];
        ILookup<(string, string), TellingWord> both = _desk.With(engine =>
        {
            var items = engine.ReadTable("items");
            using var words = TellingWords.Split(engine, items);
            var members = engine.Sql(
                new OneRec.Engine.Scripts.SqlScript("SELECT item_id, split_part(sid, '-', 1) AS prefix FROM ids UNION ALL SELECT item_id, sid AS prefix FROM ids"),
                ("ids", engine.ReadTable("semantic_ids")));
            return words.Read(members, 10);
        });
        Assert.All(firsts.Append(ids[7]), p => Assert.Equal(
            ((JsonArray)Show(p).Fact("words", "words").Value!).Select(w => (string)w!["word"]!), both[(p, "word")].Select(w => w.Word)));
    }

    [Fact]
    public void Examples_are_those_nearest_to_the_centroid_of_the_last_code()
    {
        string full = night.Ids.Value[7];
        (string, double)[] expected =
        [
            .. _desk.Query("semantic_ids", $"SELECT item_id, error FROM semantic_ids WHERE sid = '{full}'")
                .OrderBy(r => (float)r[1]!).Select(r => ($"{r[0]}", (double)(float)r[1]!)),
        ];
        JsonArray told = (JsonArray)Show(full).Fact("examples", "nearest_to_centroid").Value!;
        Assert.Equal(expected.Length, told.Count);
        Assert.All(told.Zip(expected), n => Assert.Equal(n.Second.Item2, (double)n.First!["distance"]!, 1e-6));
        Assert.Equal(expected.Select(e => e.Item1).Order(), told.Select(n => $"{n!["item_id"]}").Order());
    }

    [Theory]
    [InlineData("", "prefix.text")]
    [InlineData("12-", "prefix.text")]
    [InlineData("a%", "prefix.text")]
    [InlineData("-1", "prefix.text")]
    [InlineData("1\0", "prefix.text")]
    [InlineData("99999", "prefix.text")]
    [InlineData("1-1-1", "prefix.length")]
    [InlineData("60000", "prefix.none")]
    public void What_is_no_prefix_or_has_no_item_is_refused(string prefix, string code)
    {
        OneRecException refused = Assert.Throws<OneRecException>(() => Show(prefix));
        Assert.Equal((ErrorKind.Configuration, code), (refused.Kind, refused.Code));
    }

    private Lineage Show(string? prefix)
    {
        using IEngine engine = EngineFactory.Create("local", _desk.Options, TimeProvider.System, CancellationToken.None, EngineAccess.Read);
        return PrefixQuery.Run(engine, _desk.Options, prefix, 10, CancellationToken.None);
    }

    private static long Number(string id) => long.Parse(id, System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<(string, long)> Sizes(IEnumerable<string> ids, int codes) => ids
        .GroupBy(s => string.Join('-', s.Split('-').Take(codes)))
        .Select(g => (g.Key, g.LongCount()))
        .OrderByDescending(g => g.Item2)
        .ThenBy(g => g.Key, StringComparer.Ordinal);

    private static IEnumerable<(string, long)> Pairs(LineageFact fact) =>
        ((JsonArray)fact.Value!).Select(p => ((string)p!["prefix"]!, (long)p["items"]!));
}

/// <summary>One night of the small job, whose titles go with the vectors.</summary>
public sealed class PrefixNight : IDisposable
{
    private static readonly string[] Words = ["red", "green", "blue", "yellow"];

    public PrefixNight()
    {
        for (int i = 0; i < Desk.Items.Count; i++)
        {
            Desk.Items[i] = Desk.Items[i] with { Title = $"film {Words[(i + 1) % 4]} {(i % 5 == 0 ? "old" : "new")} n{i}" };
        }

        Desk.Run("night-1");
        Ids = new(() => Desk.Query("semantic_ids", "SELECT item_id, sid FROM semantic_ids").ToDictionary(r => (long)r[0]!, r => (string)r[1]!));
    }

    internal DescribeDesk Desk { get; } = new();

    /// <summary>IDs by item.</summary>
    internal Lazy<Dictionary<long, string>> Ids { get; }

    public void Dispose() => Desk.Dispose();
}
