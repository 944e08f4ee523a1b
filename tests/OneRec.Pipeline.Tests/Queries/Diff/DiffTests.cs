using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Tests.Queries.Describe;

namespace OneRec.Pipeline.Tests.Queries.Diff;

/// <summary>What two versions of the IDs differ in, against brute force over the tables.</summary>
public sealed class DiffTests(DiffNights nights) : IClassFixture<DiffNights>
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("previous", "current")]
    [InlineData("SECOND", "FIRST")]
    [InlineData("FIRST@2024-05-06T02:30:00Z", "FIRST")]
    [InlineData("current@2024-05-06T02:30:00Z", "current")]
    [InlineData("@2024-05-06T05:30:00+02:00", "SECOND")]
    [InlineData("FIRST", "LEVELS")]
    [InlineData("LEVELS", "newest")]
    public void Counts_levels_prefixes_and_items_are_those_of_brute_force(string? from, string? to)
    {
        (string? a, string? b) = (nights.Named(from), nights.Named(to));
        Dictionary<long, DiffNights.Id> before = nights.Ids(from ?? "previous"), after = nights.Ids(to ?? "current");
        Lineage found = nights.Diff(a, b);
        long[] both = [.. before.Keys.Intersect(after.Keys)];
        long[] moved = [.. both.Where(i => before[i].Sid != after[i].Sid)];
        Assert.Equal(both.Length, Whole(found, "both"));
        Assert.Equal(((long)moved.Length, (long)moved.Count(i => before[i].Hash != after[i].Hash)), (Part(found, "moved", "items"), Part(found, "moved", "other_embedding")));
        Assert.Equal(both.Count(i => before[i].Sid == after[i].Sid && before[i].Slot != after[i].Slot), Whole(found, "slot"));
        Assert.Equal(after.Keys.Except(before.Keys).Count(), Whole(found, "new"));
        long[] gone = [.. before.Keys.Except(after.Keys)];
        Assert.Equal(((long)gone.Length, (long)gone.Count(nights.Deleted.Value.Contains)), (Part(found, "gone", "items"), Part(found, "gone", "deleted")));

        int levels = Math.Min(before.Values.First().Levels, after.Values.First().Levels);
        JsonArray told = (JsonArray)found.Fact("levels", "levels").Value!;
        Assert.Equal(levels, told.Count);
        for (int level = 1; level <= levels; level++)
        {
            long MovedAt(IEnumerable<long> items) => items.Count(i => before[i].Prefix(level) != after[i].Prefix(level));
            (long Together, long Before, long After) pairs = default;
            foreach ((long i, long j) in both.SelectMany(i => both.Where(j => j != i).Select(j => (i, j))))
            {
                bool same = before[i].Prefix(level) == before[j].Prefix(level), still = after[i].Prefix(level) == after[j].Prefix(level);
                pairs = (pairs.Together + (same && still ? 1 : 0), pairs.Before + (same ? 1 : 0), pairs.After + (still ? 1 : 0));
            }

            JsonNode row = told[level - 1]!;
            Assert.Equal((MovedAt(both), (long)both.Length), ((long)row["moved"]!, (long)row["items"]!));
            Assert.Equal(pairs.Before == 0 ? null : (double)pairs.Together / pairs.Before, (double?)row["together_after"]);
            Assert.Equal(pairs.After == 0 ? null : (double)pairs.Together / pairs.After, (double?)row["together_before"]);
        }

        Assert.Equal(Balance(before, after, 1, ""), [.. ((JsonArray)found.Fact("prefixes", "changed").Value!).Select(Line)]);
        Assert.Equal(
            before.Keys.Union(after.Keys).Order().Select(i => Change(i, before, after)).Where(c => c.Length > 0),
            nights.Items(a, b, null).Select(r => string.Join('|', r.Take(7))));
    }

    [Fact]
    public void A_prefix_tells_where_its_items_went_and_came_from()
    {
        Dictionary<long, DiffNights.Id> before = nights.Ids("previous"), after = nights.Ids("current");
        foreach (string prefix in before.Values.Concat(after.Values).SelectMany(i => new[] { i.Prefix(1), i.Prefix(2) }).Distinct())
        {
            int length = prefix.Split('-').Length;
            bool In(DiffNights.Id? id) => id?.Prefix(length) == prefix;
            Dictionary<long, DiffNights.Id> was = before.Where(i => In(i.Value) || In(after.GetValueOrDefault(i.Key))).ToDictionary();
            Dictionary<long, DiffNights.Id> now = after.Where(i => In(i.Value) || In(before.GetValueOrDefault(i.Key))).ToDictionary();
            Lineage found = nights.Diff(null, null, prefix);
            string Whole(string name) => found.Json("prefix", name);
            Assert.Equal($"{was.Values.Count(In)} {now.Values.Count(In)}", $"{Whole("before")} {Whole("after")}");
            Assert.Equal(Ends(was.Where(i => In(i.Value) && now.ContainsKey(i.Key)).Select(i => now[i.Key].Prefix(length))), Whole("to"));
            Assert.Equal(Ends(now.Where(i => In(i.Value) && was.ContainsKey(i.Key)).Select(i => was[i.Key].Prefix(length))), Whole("from"));
            Assert.Equal(length < 2, found.Sections.Any(s => s.Name == "prefixes"));
            if (length == 1)
            {
                Assert.Equal(Balance(was, now, 2, prefix + "-"), [.. ((JsonArray)found.Fact("prefixes", "changed").Value!).Select(Line)]);
            }

            JsonNode level = ((JsonArray)found.Fact("levels", "levels").Value!)[0]!;
            long[] own = [.. was.Where(i => In(i.Value) && now.ContainsKey(i.Key)).Select(i => i.Key)];
            Assert.Equal(((long)own.Length, (long)own.Count(i => was[i].Prefix(1) != now[i].Prefix(1))), ((long)level["items"]!, (long)level["moved"]!));
            Assert.Equal(
                was.Keys.Union(now.Keys).Order().Select(i => Change(i, was, now)).Where(c => c.Length > 0),
                nights.Items(null, null, prefix).Select(r => string.Join('|', r.Take(7))));
        }
    }

    [Fact]
    public void Sides_are_told()
    {
        Lineage found = nights.Diff(null, null);
        Assert.Equal("previous..current", (string)found.Item!);
        JsonNode from = found.Fact("sides", "from").Value!, to = found.Fact("sides", "to").Value!;
        Assert.Equal((nights.First, 1L), ((string)from["codebook_id"]!, (long)from["generation"]!));
        Assert.Equal((nights.Second, 2L), ((string)to["codebook_id"]!, (long)to["generation"]!));
        Assert.Equal(("[3,3]", "[4,4]"), (from["codes"]!.ToJsonString(), to["codes"]!.ToJsonString()));
        Assert.Equal((string)from["model_id"]!, (string)to["model_id"]!);
        Assert.Equal("false", found.Json("sides", "same_codebook"));
        JsonNode then = nights.Diff("@2024-05-06T02:30:00Z", "previous@2024-05-06T23:00:00Z").Fact("sides", "from").Value!;
        Assert.Equal((nights.First, 0L), ((string)then["codebook_id"]!, (long)then["semantic_ids_version"]!));
    }

    [Theory]
    [InlineData("current", "current")]
    [InlineData("SECOND@3", "@3")]
    [InlineData("current_ids", "semantic_ids@3")]
    public void Equal_sides_differ_in_nothing(string from, string to)
    {
        Lineage found = nights.Diff(nights.Named(from), nights.Named(to));
        Assert.StartsWith("nothing changed for the ", found.Headline, StringComparison.Ordinal);
        Assert.Equal("[]", found.Json("prefixes", "changed"));
        Assert.Empty(nights.Items(nights.Named(from), nights.Named(to), null));
    }

    [Theory]
    [InlineData("", ErrorKind.Configuration, "diff.side")]
    [InlineData("yesterday", ErrorKind.Configuration, "diff.side")]
    [InlineData("items@3", ErrorKind.Configuration, "diff.side")]
    [InlineData("newest@3", ErrorKind.Configuration, "diff.side")]
    [InlineData("current@", ErrorKind.Configuration, "diff.side")]
    [InlineData("current@-1", ErrorKind.Configuration, "diff.side")]
    [InlineData("current@12-7", ErrorKind.Configuration, "diff.side")]
    [InlineData("current@10:30", ErrorKind.Configuration, "diff.side")]
    [InlineData("current@2024-02-30", ErrorKind.Configuration, "diff.side")]
    [InlineData("current@3\0", ErrorKind.Configuration, "diff.side")]
    [InlineData("current@99999999999999999999", ErrorKind.Configuration, "diff.side")]
    [InlineData("'; DROP TABLE items", ErrorKind.Configuration, "diff.side")]
    [InlineData("export/index.json", ErrorKind.Configuration, "diff.side")]
    [InlineData("@2024-01-01", ErrorKind.Configuration, "sql.version")]
    [InlineData("@2024-05-06T00:30:00Z", ErrorKind.Configuration, "sql.version")]
    [InlineData("previous@2024-05-06T02:30:00Z", ErrorKind.Table, "diff.no-previous")]
    [InlineData("0123456789abcdef", ErrorKind.Table, "diff.no-ids")]
    [InlineData("SECOND@0", ErrorKind.Table, "diff.no-ids")]
    public void What_names_no_IDs_is_refused(string side, ErrorKind kind, string code)
    {
        OneRecException before = Assert.Throws<OneRecException>(() => nights.Diff(nights.Named(side), "current"));
        OneRecException after = Assert.Throws<OneRecException>(() => nights.Diff("current", nights.Named(side)));
        Assert.Equal(((kind, code), (kind, code)), ((before.Kind, before.Code), (after.Kind, after.Code)));
    }

    [Fact]
    public void A_version_that_is_not_there_is_a_table_error() =>
        Assert.Equal(ErrorKind.Table, Assert.Throws<OneRecException>(() => nights.Diff("@77", null)).Kind);

    [Theory]
    [InlineData("", "prefix.text")]
    [InlineData("1-1-1", "prefix.length")]
    [InlineData("60000", "prefix.none")]
    public void A_prefix_without_items_is_refused(string prefix, string code) =>
        Assert.Equal(code, Assert.Throws<OneRecException>(() => nights.Diff(null, null, prefix)).Code);

    [Fact]
    public void Without_IDs_and_with_one_generation_it_says_what_to_do()
    {
        using var desk = new DescribeDesk();
        Assert.Equal("diff.no-ids", Assert.Throws<OneRecException>(() => DiffNights.Run(desk, null, null)).Code);
        desk.Run("night-1");
        OneRecException one = Assert.Throws<OneRecException>(() => DiffNights.Run(desk, null, null));
        Assert.Equal((ErrorKind.Table, "diff.no-previous"), (one.Kind, one.Code));
        Assert.Contains("'onerec diff current newest'", one.Message, StringComparison.Ordinal);
        Assert.Contains("'onerec diff @0'", one.Message, StringComparison.Ordinal);
        Assert.Equal("nothing changed for the 24 items", DiffNights.Run(desk, "current", "newest").Headline);
        Assert.Equal("nothing changed for the 24 items", DiffNights.Run(desk, "@0", null).Headline);

        // The catalogue is not needed, nor the codebooks: titles and sizes are then not known.
        Directory.Delete(Path.Combine(desk.Options.Tables, "items"), recursive: true);
        Directory.Delete(Path.Combine(desk.Options.Tables, "codebooks"), recursive: true);
        Lineage found = DiffNights.Run(desk, "@0", "current");
        Assert.Contains("no longer in table codebooks", found.Text("sides", "from"), StringComparison.Ordinal);
    }

    private static long Whole(Lineage found, string name) => (long)found.Fact("items", name).Value!;

    private static long Part(Lineage found, string name, string part) => (long)found.Part("items", name, part)!;

    private static string Change(long item, Dictionary<long, DiffNights.Id> before, Dictionary<long, DiffNights.Id> after)
    {
        (DiffNights.Id? was, DiffNights.Id? now) = (before.GetValueOrDefault(item), after.GetValueOrDefault(item));
        string change = was is null ? "new" : now is null ? "gone" : was.Sid != now.Sid ? "moved" : was.Slot != now.Slot ? "slot" : "";
        int? same = was is null || now is null ? null : Enumerable.Range(1, Math.Min(was.Levels, now.Levels)).TakeWhile(n => was.Prefix(n) == now.Prefix(n)).Count();
        return change.Length == 0 ? "" : $"{item}|{change}|{was?.Sid}|{was?.Slot}|{now?.Sid}|{now?.Slot}|{same}";
    }

    private static List<string> Balance(Dictionary<long, DiffNights.Id> before, Dictionary<long, DiffNights.Id> after, int length, string parent)
    {
        string? Was(long i) => before.GetValueOrDefault(i)?.Prefix(length);
        string? Now(long i) => after.GetValueOrDefault(i)?.Prefix(length);
        long[] items = [.. before.Keys.Union(after.Keys)];
        return
        [
            .. items.SelectMany(i => new[] { Was(i), Now(i) }).OfType<string>().Distinct().Where(p => $"{p}-".StartsWith(parent, StringComparison.Ordinal))
                .Select(p => (
                    Prefix: p,
                    Had: items.Count(i => Was(i) == p),
                    Has: items.Count(i => Now(i) == p),
                    Stayed: items.Count(i => Was(i) == p && Now(i) == p),
                    Gone: items.Count(i => Was(i) == p && Now(i) is null),
                    Fresh: items.Count(i => Now(i) == p && Was(i) is null)))
                .Where(p => p.Had + p.Has > 2 * p.Stayed)
                .OrderByDescending(p => p.Had + p.Has - (2 * p.Stayed)).ThenByDescending(p => p.Had).ThenBy(p => p.Prefix, StringComparer.Ordinal)
                .Select(p => $"{p.Prefix} {p.Had} {p.Has} {p.Stayed} {p.Had - p.Stayed - p.Gone} {p.Gone} {p.Has - p.Stayed - p.Fresh} {p.Fresh}"
                    + $" {Ends(items.Where(i => Was(i) == p.Prefix).Select(Now).OfType<string>(), 3)}"),
        ];
    }

    private static string Ends(IEnumerable<string> prefixes, int most = 100) => new JsonArray(
    [
        .. prefixes.GroupBy(p => p).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(most)
            .Select(g => new JsonObject { ["prefix"] = g.Key, ["items"] = g.Count() }),
    ]).ToJsonString();

    private static string Line(JsonNode? row) =>
        $"{row!["prefix"]} {row["before"]} {row["after"]} {row["stayed"]} {row["departed"]} {row["gone"]} {row["arrived"]} {row["new"]} {row["to"]!.ToJsonString()}";
}
