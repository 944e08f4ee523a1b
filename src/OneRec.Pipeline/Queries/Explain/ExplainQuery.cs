using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries.Explain;

/// <summary>
/// Shows items in full: text, codes with what came second, neighbours by Swing, by embedding and by prefix, and pairs. Reads only; each
/// table at one version.
/// </summary>
public static class ExplainQuery
{
    /// <summary>Most neighbours of a kind that can be asked for.</summary>
    public const int MaxNeighbours = 1_000;

    /// <summary>Explains items under the codebook of option <c>codebook</c>, in the order given.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="items">Item ids as text, at least one.</param>
    /// <param name="most">Neighbours of each kind, 1 to <see cref="MaxNeighbours"/>.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>
    /// For each id the sections <c>id</c>, <c>item</c>, <c>codes</c>, <c>swing</c>, <c>embedding</c>, <c>prefix</c> and <c>pairs</c>. An item
    /// without an ID tells why there is none, and which ID its embedding would get if it has one.
    /// </returns>
    /// <exception cref="OneRecException">
    /// An id does not match the type in the tables, or the codebook is unknown (exit 2); there is no codebook, or there are no
    /// IDs yet, or the codebook is damaged (exit 4); an embedding has another length than the codebook (exit 3).
    /// </exception>
    public static IReadOnlyList<Lineage> Run(
        IEngine engine, OneRecOptions options, IReadOnlyList<string> items, int most, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(items);
        Codebook codebook = CodebookChoice.Resolve(engine, options.Codebook);
        TableState ids = engine.Tables.State("semantic_ids")
            ?? throw OneRecException.Table("explain.no-ids", "semantic_ids: there are no IDs yet; run 'onerec run' first");
        IArrowType id = ids.Schema.GetFieldByName("item_id").DataType;
        object[] asked = AskedItems.Parse(items, id, "explain.item");
        var tables = new ReadTables(engine);
        var lineage = new LineageTables(tables, options, codebook);
        IReadOnlyList<ItemState> states = ItemReader.Read(tables, asked, id, codebook.ModelId, cancellation);
        IReadOnlyList<float[]> levels = Levels(tables, codebook);
        ExplainedItem[] found = [.. asked.Select((item, place) => ExplainedItem.Of(place, item, states[place], codebook, levels))];
        cancellation.ThrowIfCancellationRequested();

        var near = new NeighbourReader(tables, codebook, id, most);
        IRelation relation = AskedItems.Relation(tables.Engine, asked, id);
        ILookup<int, Neighbour> swing = near.BySwing(relation);
        ILookup<int, Neighbour> cosine = near.ByEmbedding([.. found.Where(i => i.Vector is not null).Select(i => (i.Place, i.Item, i.Vector!))]);
        ILookup<int, Neighbour> prefix = near.ByPrefix([.. found.Where(i => i.Codes.Count > 0).Select(i => (i.Place, i.Item, i.Codes))]);
        ILookup<int, PairRow> pairs = near.Pairs(relation);
        cancellation.ThrowIfCancellationRequested();
        var codes = new CodeFacts(near, found);
        return
        [
            .. found.Select(item => new Lineage(
                item.Item is long number ? number : (string)item.Item,
                item.Headline,
                [
                    new LineageSection("id", [.. IdFacts(lineage, item)]),
                    new LineageSection("item", [.. TextFacts(item)]),
                    new LineageSection("codes", [.. codes.Of(item)]),
                    new LineageSection("swing", [Similar(tables, item, [.. swing[item.Place]])]),
                    new LineageSection("embedding", [Nearest(item, [.. cosine[item.Place]])]),
                    new LineageSection("prefix", [Neighbour.Fact("nearest", [.. prefix[item.Place]], item.Codes, "no item shares its first code")]),
                    new LineageSection("pairs", [.. PairFacts(tables, item, [.. pairs[item.Place]])]),
                ])),
        ];
    }

    // A codebook that a table lost has no levels; what else is known is told.
    private static IReadOnlyList<float[]> Levels(ReadTables tables, Codebook codebook) =>
        tables.Relation(CodebookChoice.Table) is { } codebooks ? CodebookTable.Read(tables.Engine, codebooks, codebook).Levels : [];

    private static IEnumerable<LineageFact> IdFacts(LineageTables tables, ExplainedItem item)
    {
        if (item.Row is { DeletedAt: null } row)
        {
            yield return LineageFact.Of("sid", row.Sid);
            yield return LineageFact.Of("slot", row.Slot);
        }
        else
        {
            MissingId missing = MissingId.Of(tables, item.State);
            yield return LineageFact.Of("why_none", missing.Why);
            yield return LineageFact.Of("do", missing.Cure);
        }

        yield return LineageFact.Of("codebook_id", tables.Codebook.CodebookId);
    }

    private static IEnumerable<LineageFact> TextFacts(ExplainedItem item)
    {
        if (item.State.Row is not { } row)
        {
            yield return new LineageFact("in_items", false, ["no"]);
            yield break;
        }

        yield return LineageFact.Data("title", row.Title);
        yield return LineageFact.Data("caption", row.Caption);
        yield return LineageFact.Data("tags", row.Tags);
        foreach ((string name, string? text) in new[] { ("asr", row.Asr), ("ocr", row.Ocr) }.Where(t => t.Item2 is not null))
        {
            yield return LineageFact.Data(name, text);
        }
    }

    private static LineageFact Similar(ReadTables tables, ExplainedItem item, IReadOnlyList<Neighbour> similar) => Neighbour.Fact(
        "nearest", similar, item.Codes, tables.Has("item_similarity") ? "no item is similar by Swing: too few users have both" : "there is no table item_similarity: there was no log");

    private static LineageFact Nearest(ExplainedItem item, IReadOnlyList<Neighbour> nearest) => Neighbour.Fact(
        "nearest", nearest, item.Codes, item.Vector is null ? "the item has no embedding of the codebook's model" : "no other item has an embedding of the codebook's model");

    private static IEnumerable<LineageFact> PairFacts(ReadTables tables, ExplainedItem item, IReadOnlyList<PairRow> pairs)
    {
        if (pairs.Count == 0)
        {
            yield return new LineageFact("count", 0, [tables.Has("item_pairs") ? "none" : "there is no table item_pairs: there was no log"]);
            yield break;
        }

        foreach (IGrouping<(string Source, string Side), PairRow> group in pairs.GroupBy(p => (p.Source, p.Side)))
        {
            string name = group.Key.Side == "to" ? group.Key.Source : $"{group.Key.Source}_from";
            yield return LineageFact.Of($"{name}_count", group.First().Found);
            yield return Neighbour.Fact(name, [.. group.Select(p => p.Other)], item.Codes, "none");
        }
    }
}
