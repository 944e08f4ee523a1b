using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Pipeline.Queries.Prefixes;
using OneRec.Report.Model;

namespace OneRec.Report.Reading;

/// <summary>Reads the tree of prefixes: sizes, telling words and titles of the first two levels.</summary>
/// <param name="engine">The engine.</param>
/// <param name="ids">Items with an ID, their <c>sid</c> and how often they are clicked.</param>
/// <param name="items">Rows of table <c>items</c>.</param>
/// <param name="levels">Number of levels of the codebook.</param>
internal sealed class TreeReader(IQueryEngine engine, IRelation ids, IRelation items, int levels)
{
    private const int TitlesOfPrefix = 3;
    private const int WordsOfPrefix = 5;

    // A page of this many prefixes has some hundred kilobytes of them.
    private const int MostChildren = 4_096;
    private const int MostChildrenOfOne = 16;
    private const int LeastChildrenOfOne = 4;

    /// <summary>Reads the tree.</summary>
    /// <param name="most">Number of prefixes of the first level; 0 leaves the tree out.</param>
    /// <returns>Null if it is left out, or no item has an ID.</returns>
    public TreeReport? Read(int most)
    {
        if (most == 0)
        {
            return null;
        }

        (string Prefix, long Items)[] all =
        [
            .. Values.Rows(engine, Script("tree_first.sql"), ("ids", ids)).Select(r => (Values.Text(r[0]), Values.Whole(r[1]))),
        ];
        if (all.Length == 0)
        {
            return null;
        }

        (string Prefix, long Items)[] first = [.. all.Take(most)];
        ILookup<string, (string Prefix, long Items, long All)> second = Children([.. first.Select(f => f.Prefix)]);
        IRelation shown = Relation([.. first.Select(f => f.Prefix), .. second.SelectMany(s => s.Select(c => c.Prefix))]);
        IRelation members = engine.Sql(Script(levels > 1 ? "tree_members.sql" : "tree_members_of_first.sql"), ("ids", ids), ("shown", shown));
        ILookup<string, string> titles = Values.Rows(
            engine, Script("tree_titles.sql").With("titles", TitlesOfPrefix), ("members", members), ("ids", ids), ("items", items))
            .ToLookup(r => Values.Text(r[0]), r => (string?)r[2] is { Length: > 0 } title ? title : Values.Text(r[1]), StringComparer.Ordinal);
        using TellingWords split = TellingWords.Split(engine, engine.Sql(Script("tree_texts.sql"), ("ids", ids), ("items", items)));
        ILookup<(string Prefix, string Kind), TellingWord> words = split.Read(members, 2 * WordsOfPrefix);
        return new TreeReport(
            [.. first.Select(f => Node(f.Prefix, f.Items, [], words, titles) is var node ? node with
            {
                Children = [.. second[f.Prefix].Select(c => Node(c.Prefix, c.Items, node.Words, words, titles))],
                AllChildren = second[f.Prefix].Select(c => c.All).FirstOrDefault(),
            } : node)],
            all.Length - first.Length,
            all.Skip(first.Length).Sum(f => f.Items));
    }

    // A word of the parent does not tell its children apart.
    private static PrefixReport Node(
        string prefix, long size, IReadOnlyList<string> above, ILookup<(string Prefix, string Kind), TellingWord> words, ILookup<string, string> titles) =>
        new(prefix, size)
        {
            Words = [.. words[(prefix, "word")].Concat(words[(prefix, "tag")]).Select(w => w.Word).Distinct(StringComparer.Ordinal).Except(above, StringComparer.Ordinal).Take(WordsOfPrefix)],
            Titles = [.. titles[prefix]],
        };

    private ILookup<string, (string Prefix, long Items, long All)> Children(IReadOnlyList<string> first)
    {
        int most = Math.Clamp(MostChildren / first.Count, LeastChildrenOfOne, MostChildrenOfOne);
        List<object?[]> rows = levels == 1
            ? []
            : Values.Rows(engine, Script("tree_second.sql").With("most", most), ("ids", ids), ("shown", Relation(first)));
        return rows.ToLookup(
            r => Values.Text(r[0]), r => (Values.Text(r[1]), Values.Whole(r[2]), Values.Whole(r[3])), StringComparer.Ordinal);
    }

    private IRelation Relation(IReadOnlyList<string> prefixes) => Values.Relation(
        engine,
        new Schema([new Field("prefix", StringType.Default, nullable: false)], null),
        [.. prefixes.Select(p => new object?[] { p })]);

    private static SqlScript Script(string file) => SqlScript.Load(typeof(TreeReader), file);
}
