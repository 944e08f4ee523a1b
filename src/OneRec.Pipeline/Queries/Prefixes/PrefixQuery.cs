using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Queries.Explain;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries.Prefixes;

/// <summary>Shows what lies in a prefix: size, siblings, children, telling words, examples. Reads only; each table at one version.</summary>
public sealed class PrefixQuery
{
    /// <summary>Most children, siblings, words and examples that can be asked for.</summary>
    public const int MaxShown = 1_000;

    private const int WordsOfChild = 5;

    private readonly ReadTables _tables;
    private readonly Codebook _codebook;
    private readonly IArrowType _id;
    private readonly IRelation _ids;
    private readonly IRelation _items;
    private readonly int _most;
    private readonly CancellationToken _cancellation;

    private PrefixQuery(IEngine engine, Codebook codebook, int most, CancellationToken cancellation)
    {
        (_tables, _codebook, _most, _cancellation) = (new ReadTables(engine), codebook, most, cancellation);
        IRelation all = _tables.Relation("semantic_ids")
            ?? throw OneRecException.Table("prefix.no-ids", "semantic_ids: there are no IDs yet; run 'onerec run' first");
        _id = all.Schema.GetFieldByName("item_id").DataType;
        _ids = CurrentIds.Of(engine, all, codebook.CodebookId);
        _items = _tables.Relation("items") ?? engine.FromRows(OneRecTables.Items(_id).Schema, []);
    }

    /// <summary>Shows a prefix under the codebook of option <c>codebook</c>.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="prefix">The prefix, such as <c>12-7</c>; null for the first level.</param>
    /// <param name="most">Children, siblings, words and examples shown, 1 to <see cref="MaxShown"/>.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>The sections <c>size</c>, <c>words</c>, <c>children</c>, <c>siblings</c> and <c>examples</c>, as far as they apply.</returns>
    /// <exception cref="OneRecException">
    /// It is no prefix, or no item has it (exit 2); there is no codebook, or there are no IDs yet (exit 4).
    /// </exception>
    public static Lineage Run(IEngine engine, OneRecOptions options, string? prefix, int most, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        Codebook codebook = CodebookChoice.Resolve(engine, options.Codebook);
        return new PrefixQuery(engine, codebook, most, cancellation).Show(prefix);
    }

    private Lineage Show(string? text)
    {
        int levels = Levels();
        PrefixText prefix = text is null ? new PrefixText([]) : PrefixText.Parse(text, levels);
        bool isAll = prefix.Codes.Count == 0;
        long all = Sizes(new PrefixText([]), 1).Sum(s => s.Items);
        List<(string Prefix, long Items)> siblings = isAll ? [] : Sizes(prefix.Above, prefix.Codes.Count);
        long size = isAll ? all : siblings.Where(s => s.Prefix == prefix.ToString()).Select(s => s.Items).FirstOrDefault();
        if (size == 0)
        {
            throw OneRecException.Configuration("prefix.none", isAll
                ? $"no item has an ID under codebook {_codebook.CodebookId}; run 'onerec assign'"
                : $"no item has the prefix {prefix} under codebook {_codebook.CodebookId}; 'onerec prefix{(prefix.Codes.Count > 1 ? $" {prefix.Above}" : "")}' shows those that there are");
        }

        var sections = new List<LineageSection> { new("size", [.. SizeFacts(prefix, size, all, siblings)]) };
        if (!isAll)
        {
            sections.Add(new LineageSection("words", [.. Words(prefix)]));
        }

        if (prefix.Codes.Count < levels)
        {
            sections.Add(new LineageSection("children", [.. Children(prefix)]));
        }

        if (!isAll)
        {
            (string Prefix, long Items)[] others = [.. siblings.Where(s => s.Prefix != prefix.ToString()).Take(_most)];
            sections.Add(new LineageSection("siblings", [.. SiblingFacts(siblings.Count - 1, others)]));
            sections.Add(new LineageSection("examples", [.. Examples(prefix)]));
        }

        string headline = $"{LineageFact.Number(size)} {(size == 1 ? "item" : "items")}";
        return new Lineage(isAll ? "all" : prefix.ToString(), headline, sections);
    }

    private int Levels()
    {
        List<object?[]> first = Rows(new SqlScript("SELECT sid FROM ids LIMIT 1"), ("ids", _ids));
        return first.Count == 0 ? 1 : ((string)first[0][0]!).Split('-').Length;
    }

    private List<(string Prefix, long Items)> Sizes(PrefixText parent, int codes) =>
    [
        .. Rows(Script("prefix_sizes.sql", parent).With("prefix", PrefixText.OfSid(codes)), ("ids", _ids)).Select(r => ((string)r[0]!, (long)r[1]!)),
    ];

    private static IEnumerable<LineageFact> SizeFacts(PrefixText prefix, long size, long all, List<(string Prefix, long Items)> siblings)
    {
        yield return LineageFact.Of("items", size);
        if (prefix.Codes.Count == 0)
        {
            yield break;
        }

        yield return Share("share", size, all, "of all items");
        if (prefix.Codes.Count > 1)
        {
            yield return Share("share_of_parent", size, siblings.Sum(s => s.Items), $"of {prefix.Above}");
        }

        int rank = 1 + siblings.Count(s => s.Items > size);
        yield return new LineageFact("rank", rank, [$"{LineageFact.Number(rank)} of {LineageFact.Number(siblings.Count)} siblings by size"]);
    }

    private static LineageFact Share(string name, long part, long whole, string of) => new(
        name, (double)part / whole, [$"{(100.0 * part / whole).ToString("0.###", CultureInfo.InvariantCulture)} % {of} ({LineageFact.Number(whole)})"]);

    // Against all items with an ID.
    private IEnumerable<LineageFact> Words(PrefixText prefix)
    {
        using TellingWords words = Split(new PrefixText([]));
        ILookup<(string Prefix, string Kind), TellingWord> found = words.Read(Members(prefix, prefix.Codes.Count), _most);
        foreach ((string name, string kind) in new[] { ("words", "word"), ("tags", "tag") })
        {
            TellingWord[] telling = [.. found[(prefix.ToString(), kind)]];
            int width = telling.Select(w => LineageFact.Number(w.Found).Length).DefaultIfEmpty(0).Max();
            yield return new LineageFact(
                name,
                new JsonArray([.. telling.Select(Json)]),
                telling.Length == 0
                    ? [$"no {kind} is more frequent here than elsewhere"]
                    : [.. telling.Select(w => $"{LineageFact.Number(w.Found).PadLeft(width)} of {LineageFact.Number(w.FoundAll)} items, z {w.Z.ToString("0.0", CultureInfo.InvariantCulture)}: {w.Word}")]);
        }
    }

    // Against the items of the parent: what tells a child from its siblings.
    private IEnumerable<LineageFact> Children(PrefixText prefix)
    {
        int length = prefix.Codes.Count + 1;
        List<(string Prefix, long Items)> children = Sizes(prefix, length);
        yield return LineageFact.Of("count", children.Count);
        using TellingWords words = Split(prefix);
        (string Prefix, long Items)[] shown = [.. children.Take(_most)];
        ILookup<(string Prefix, string Kind), TellingWord> found = words.Read(Members(prefix, length), WordsOfChild);
        int name = shown.Max(c => c.Prefix.Length);
        int width = shown.Max(c => LineageFact.Number(c.Items).Length);
        yield return new LineageFact(
            "largest",
            new JsonArray(
            [
                .. shown.Select(c => new JsonObject
                {
                    ["prefix"] = c.Prefix,
                    ["items"] = c.Items,
                    ["words"] = new JsonArray([.. found[(c.Prefix, "word")].Select(Json)]),
                    ["tags"] = new JsonArray([.. found[(c.Prefix, "tag")].Select(Json)]),
                }),
            ]),
            [.. shown.Select(c => $"{c.Prefix.PadRight(name)}  {LineageFact.Number(c.Items).PadLeft(width)}  {string.Join(", ", found[(c.Prefix, "word")].Select(w => w.Word))}".TrimEnd())]);
    }

    private static IEnumerable<LineageFact> SiblingFacts(int count, (string Prefix, long Items)[] largest)
    {
        yield return LineageFact.Of("count", count);
        yield return new LineageFact(
            "largest",
            new JsonArray([.. largest.Select(s => new JsonObject { ["prefix"] = s.Prefix, ["items"] = s.Items })]),
            [largest.Length == 0 ? "none" : string.Join(", ", largest.Select(s => $"{s.Prefix} ({LineageFact.Number(s.Items)})"))]);
    }

    private IEnumerable<LineageFact> Examples(PrefixText prefix)
    {
        yield return Neighbour.Fact("nearest_to_centroid", Central(prefix), prefix.Codes, "not known: embeddings or codebook are not there");
        List<object?[]> popular = _tables.Relation("item_similarity") is { } similarity
            ? Rows(Script("prefix_popular.sql", prefix).With("most", _most), ("ids", _ids), ("items", _items), ("similarity", similarity))
            : [];
        yield return Neighbour.Fact(
            "most_common_users",
            [.. popular.Select(r => new Neighbour(r[0]!, (string?)r[1], (string?)r[2], (int?)r[3], [Neighbour.Count("common_users", (long)r[4]!)]))],
            prefix.Codes,
            _tables.Has("item_similarity") ? "none of its items is similar to another by Swing" : "there is no table item_similarity: there was no log");
    }

    // Encodes the items of the prefix again, for the distances of all levels; keeps the best while they stream by.
    private List<Neighbour> Central(PrefixText prefix)
    {
        if (_tables.Relation("item_embeddings") is not { } embeddings || _tables.Relation(CodebookChoice.Table) is not { } codebooks)
        {
            return [];
        }

        CodebookTable.Read(_tables.Engine, codebooks, _codebook);
        IRelation rows = _tables.Engine.Sql(
            Script("prefix_embeddings.sql", prefix).With("model_id", _codebook.ModelId), ("embeddings", embeddings), ("ids", _ids));
        IRelation encoded = _tables.Engine.Map(
            rows,
            EncodeKernel.Call(_id),
            PartitionShape.Any,
            (EncodeKernel.CodebookSide, CodebookTable.Relation(_tables.Engine, codebooks, _codebook.CodebookId)));
        var best = new SortedSet<(double Distance, string Id)>();
        var found = new Dictionary<string, Neighbour>(StringComparer.Ordinal);
        foreach (RecordBatch batch in _tables.Engine.Collect(_tables.Engine.Sql(
            SqlScript.Load(typeof(PrefixQuery), "prefix_encoded.sql"), ("encoded", encoded), ("ids", _ids), ("items", _items))))
        {
            _cancellation.ThrowIfCancellationRequested();
            using (batch)
            {
                var errors = (ListArray)batch.Column(4);
                var values = (DoubleArray)errors.Values;
                for (int row = 0; row < batch.Length; row++)
                {
                    double distance = values.Values[errors.ValueOffsets[row] + prefix.Codes.Count - 1];
                    if (best.Count == _most && distance > best.Max.Distance)
                    {
                        continue;
                    }

                    object item = RowReader.Value(batch.Column(0), row)!;
                    string key = string.Create(CultureInfo.InvariantCulture, $"{item}");
                    if (found.TryAdd(key, new Neighbour(
                        item,
                        (string?)RowReader.Value(batch.Column(1), row),
                        (string?)RowReader.Value(batch.Column(2), row),
                        (int?)RowReader.Value(batch.Column(3), row),
                        [Neighbour.Real("distance", distance)])))
                    {
                        best.Add((distance, key));
                    }

                    if (best.Count > _most)
                    {
                        (double, string Id) worst = best.Max;
                        best.Remove(worst);
                        found.Remove(worst.Id);
                    }
                }
            }
        }

        return [.. best.Select(b => found[b.Id])];
    }

    private TellingWords Split(PrefixText parent) =>
        TellingWords.Split(_tables.Engine, _tables.Engine.Sql(Script("prefix_texts.sql", parent), ("ids", _ids), ("items", _items)));

    private IRelation Members(PrefixText parent, int codes) =>
        _tables.Engine.Sql(Script("prefix_members.sql", parent).With("prefix", PrefixText.OfSid(codes)), ("ids", _ids));

    private static SqlScript Script(string file, PrefixText parent) =>
        SqlScript.Load(typeof(PrefixQuery), file).With("parent", parent.Parent).With("length", parent.Parent.Length);

    private List<object?[]> Rows(SqlScript script, params (string, IRelation)[] inputs)
    {
        _cancellation.ThrowIfCancellationRequested();
        return RowReader.Read(_tables.Engine.Collect(_tables.Engine.Sql(script, inputs)));
    }

    private static JsonObject Json(TellingWord word) => new()
    {
        ["word"] = word.Word,
        ["items"] = word.Found,
        ["all_items"] = word.FoundAll,
        ["z"] = word.Z,
    };
}
