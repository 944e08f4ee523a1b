using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engines.Tests.Desks;
using OneRec.Report.Model;
using OneRec.Report.Reading;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Seam;

/// <summary>The report's tree of prefixes against a count of all in memory.</summary>
public abstract class TreeTests(EngineDesk desk)
{
    private static readonly string[] Subjects = ["whale", "Καφές", "sushi", "naïve", "tram"];

    [Theory]
    [InlineData(3, 100)]
    [InlineData(3, 4)]
    [InlineData(1, 5)]
    public void Sizes_children_titles_and_words_are_those_of_the_items(int levels, int most)
    {
        using var folder = new ScratchFolder();
        using IEngine engine = desk.OpenShipped(folder["tables"]);
        (long Id, int[] Codes, string? Title, long Clicks)[] items = [.. Items(levels)];
        TreeReport tree = new TreeReader(engine, Ids(engine, items), Catalogue(engine, items), levels).Read(most)!;
        var first = items.GroupBy(i => i.Codes[0]).OrderByDescending(g => g.Count()).ThenBy(g => $"{g.Key}", StringComparer.Ordinal).ToList();
        Assert.Equal(first.Take(most).Select(g => ($"{g.Key}", (long)g.Count())), tree.Prefixes.Select(p => (p.Prefix, p.Items)));
        Assert.Equal((Math.Max(0, first.Count - most), first.Skip(most).Sum(g => g.Count())), (tree.More, tree.MoreItems));
        foreach ((PrefixReport prefix, var group) in tree.Prefixes.Zip(first))
        {
            Assert.Equal(Titles(group), prefix.Titles);
            Assert.Contains(Subjects[group.Key % Subjects.Length].ToLowerInvariant(), prefix.Words);
            var second = (levels == 1 ? [] : group.GroupBy(i => i.Codes[1])).OrderByDescending(g => g.Count()).ThenBy(g => $"{group.Key}-{g.Key}", StringComparer.Ordinal).ToList();
            Assert.Equal(second.Count, prefix.AllChildren);
            Assert.Equal(
                second.Take(16).Select(g => ($"{group.Key}-{g.Key}", (long)g.Count())), prefix.Children.Select(c => (c.Prefix, c.Items)));
            foreach ((PrefixReport child, var own) in prefix.Children.Zip(second))
            {
                Assert.Equal(Titles(own), child.Titles);
                Assert.Empty(child.Words.Intersect(prefix.Words));
            }
        }
    }

    [Fact]
    public void Without_items_or_by_option_there_is_no_tree()
    {
        using var folder = new ScratchFolder();
        using IEngine engine = desk.OpenShipped(folder["tables"]);
        (long Id, int[] Codes, string? Title, long Clicks)[] items = [.. Items(2).Take(3)];
        Assert.Null(new TreeReader(engine, Ids(engine, []), Catalogue(engine, items), 2).Read(10));
        Assert.Null(new TreeReader(engine, Ids(engine, items), Catalogue(engine, items), 2).Read(0));

        // Items that the catalogue no longer has are told by their ids.
        TreeReport tree = new TreeReader(engine, Ids(engine, items), Catalogue(engine, []), 2).Read(10)!;
        Assert.Equal(items.Select(i => $"{i.Id}").Order(), tree.Prefixes.SelectMany(p => p.Titles).Order());
    }

    private static IEnumerable<string> Titles(IEnumerable<(long Id, int[] Codes, string? Title, long Clicks)> items) =>
        items.OrderByDescending(i => i.Clicks).ThenBy(i => i.Id).Take(3).Select(i => i.Title ?? $"{i.Id}");

    private static IEnumerable<(long Id, int[] Codes, string? Title, long Clicks)> Items(int levels)
    {
        var draw = new SplitMix64(3);
        var items = new List<(long Id, int[] Codes, string? Title, long Clicks)>();
        for (long id = 1; id <= 900; id++)
        {
            int topic = (int)(draw.NextBelow(9) * (draw.NextBelow(3) + 1) / 2);
            int[] codes = [topic, .. new int[levels - 1]];
            for (int level = 1; level < levels; level++)
            {
                codes[level] = (int)draw.NextBelow(30);
            }

            items.Add((id, codes, id % 50 == 0 ? null : $"{Subjects[topic % Subjects.Length]} no {draw.NextBelow(40)}", draw.NextBelow(20)));
        }

        return items;
    }

    private static IRelation Ids(IEngine engine, IReadOnlyList<(long Id, int[] Codes, string? Title, long Clicks)> items)
    {
        Schema schema = new(
            [
                new Field("item_id", Int64Type.Default, false), new Field("sid", StringType.Default, false),
                new Field("clicks", Int64Type.Default, false), new Field("neighbours", Int64Type.Default, false),
            ],
            null);
        object?[][] rows = [.. items.Select(i => new object?[] { i.Id, string.Join('-', i.Codes), i.Clicks, 0L })];
        return engine.FromRows(schema, rows.Length == 0 ? [] : [RowReader.Build(schema, rows)]);
    }

    private static IRelation Catalogue(IEngine engine, IReadOnlyList<(long Id, int[] Codes, string? Title, long Clicks)> items)
    {
        Schema schema = new(
            [
                new Field("item_id", Int64Type.Default, false), new Field("title", StringType.Default, true),
                new Field("caption", StringType.Default, true), new Field("tags", StringType.Default, true),
            ],
            null);
        object?[][] rows = [.. items.Select(i => new object?[] { i.Id, i.Title, null, null })];
        return engine.FromRows(schema, rows.Length == 0 ? [] : [RowReader.Build(schema, rows)]);
    }
}

public sealed class TreeOnLocalTests() : TreeTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
public sealed class TreeOnSpark35Tests(Spark35Desk desk) : TreeTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class TreeOnSpark40Tests(Spark40Desk desk) : TreeTests(desk);
