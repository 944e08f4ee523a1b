using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Kernels.Clustering.Rows;
using OneRec.Kernels.Ranking;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries.Explain;

/// <summary>Finds what lies near the items asked for: one query a kind, however many items. At most a given number of each is read.</summary>
/// <param name="tables">The tables at their versions.</param>
/// <param name="codebook">The codebook of the IDs.</param>
/// <param name="id">The type of item ids.</param>
/// <param name="most">Neighbours of each kind, at least 1.</param>
internal sealed class NeighbourReader(ReadTables tables, Codebook codebook, IArrowType id, int most)
{
    private const int Examples = 3;

    private readonly IRelation _ids = CurrentIds.Of(
        tables.Engine, tables.Relation("semantic_ids") ?? throw new InvalidOperationException("there are no IDs"), codebook.CodebookId);

    private readonly IRelation _items = tables.Relation("items") ?? tables.Engine.FromRows(OneRecTables.Items(id).Schema, []);

    /// <summary>The most similar items by Swing, by place.</summary>
    public ILookup<int, Neighbour> BySwing(IRelation asked) => tables.Relation("item_similarity") is not { } similarity
        ? Enumerable.Empty<Neighbour>().ToLookup(_ => 0)
        : Rows("swing_neighbours.sql", most, ("asked", asked), ("similarity", similarity)).ToLookup(
            Place, r => Of(r, 2, Neighbour.Real("score", (double)r[6]!), Neighbour.Count("common_users", (int)r[7]!)));

    /// <summary>The items with the largest cosine, of the current embeddings of the codebook's model.</summary>
    /// <param name="vectors">Place, item id and embedding.</param>
    public ILookup<int, Neighbour> ByEmbedding(IReadOnlyList<(int Place, object Item, float[] Vector)> vectors)
    {
        if (vectors.Count == 0 || tables.Relation("item_embeddings") is not { } embeddings)
        {
            return Enumerable.Empty<Neighbour>().ToLookup(_ => 0);
        }

        var schema = new Schema([Field("place", Int32Type.Default), Field("item_id", id), Field("embedding", ArrowTypes.ListOf(FloatType.Default))], null);
        var batch = new RecordBatch(
            schema,
            [
                new Int32Array.Builder().AppendRange(vectors.Select(v => v.Place)).Build(),
                IdColumn.Build(id, vectors.Select(v => (ItemId?)(v.Item is long number ? ItemId.Of(number) : ItemId.Of((string)v.Item)))),
                ListColumns.Floats([.. vectors.SelectMany(v => v.Vector)], vectors.Count),
            ],
            vectors.Count);
        IRelation asked = tables.Engine.FromRows(schema, [batch]);
        IRelation embedded = tables.Engine.Sql(
            SqlScript.Load(typeof(EmbeddedItems), "embedded_items.sql").With("model_id", codebook.ModelId), ("embeddings", embeddings), ("items", _items));
        IRelation near = tables.Engine.Map(
            embedded, NearestItemsKernel.Call(id, most), PartitionShape.Any, (NearestItemsKernel.AskedSide, asked));
        return Rows("near_neighbours.sql", most, ("near", near)).ToLookup(Place, r => Of(r, 2, Neighbour.Real("cosine", (double)r[6]!)));
    }

    /// <summary>The items that share the most codes, from the first on.</summary>
    /// <param name="codes">Place, item id and codes.</param>
    public ILookup<int, Neighbour> ByPrefix(IReadOnlyList<(int Place, object Item, IReadOnlyList<int> Codes)> codes) =>
        Rows("prefix_neighbours.sql", most, ("prefixes", Prefixes(codes.SelectMany(
            c => Enumerable.Range(1, c.Codes.Count).Select(n => (c.Place, c.Item, (IReadOnlyList<int>)[.. c.Codes.Take(n)]))))))
            .ToLookup(Place, r => Of(r, 2));

    /// <summary>The number of items of prefixes, and the first of them.</summary>
    /// <param name="prefixes">Prefixes, each at least one code; a place is an index here.</param>
    public ILookup<int, (long Found, Neighbour Item)> Under(IReadOnlyList<IReadOnlyList<int>> prefixes)
    {
        // Any id will do: these prefixes are of no item.
        object none = id is Int64Type ? 0L : "";
        return Rows("prefix_items.sql", Examples, ("prefixes", Prefixes(prefixes.Select((p, place) => (place, none, p)))))
            .ToLookup(Place, r => ((long)r[4]!, new Neighbour(r[1]!, (string?)r[2], (string?)r[3], null, [])));
    }

    /// <summary>The heaviest pairs of each source and side, by place.</summary>
    public ILookup<int, PairRow> Pairs(IRelation asked) => tables.Relation("item_pairs") is not { } pairs
        ? Enumerable.Empty<PairRow>().ToLookup(_ => 0)
        : Rows("asked_pair_items.sql", most, ("asked", asked), ("pairs", pairs)).ToLookup(Place, r => new PairRow(
            (string)r[1]!, (string)r[2]!, (long)r[9]!, Of(r, 3, Neighbour.Real("weight", (double)r[7]!), Neighbour.Count("support", (long)r[8]!))));

    private static int Place(object?[] row) => (int)row[0]!;

    // Item, title, sid and slot lie side by side.
    private static Neighbour Of(object?[] row, int from, params (string, System.Text.Json.Nodes.JsonNode, string)[] measures) =>
        new(row[from]!, (string?)row[from + 1], (string?)row[from + 2], (int?)row[from + 3], measures);

    private static Field Field(string name, IArrowType type) => new(name, type, nullable: false);

    private IRelation Prefixes(IEnumerable<(int Place, object Item, IReadOnlyList<int> Codes)> prefixes)
    {
        var schema = new Schema(
            [Field("place", Int32Type.Default), Field("item_id", id), Field("first_code", Int32Type.Default), Field("length", Int32Type.Default), Field("prefix", StringType.Default)],
            null);
        return tables.Engine.FromRows(schema, [RowReader.Build(schema, [.. prefixes.Select(p => Row(p.Place, p.Item, p.Codes))])]);

        static object?[] Row(int place, object item, IReadOnlyList<int> codes)
        {
            string prefix = string.Join('-', codes) + "-";
            return [place, item, codes[0], prefix.Length, prefix];
        }
    }

    private List<object?[]> Rows(string script, int limit, params (string, IRelation)[] inputs)
    {
        (string, IRelation)[] all = [.. inputs, ("ids", _ids), ("items", _items)];
        return RowReader.Read(tables.Engine.Collect(tables.Engine.Sql(SqlScript.Load(typeof(NeighbourReader), script).With("most", limit), all)));
    }
}

/// <summary>A pair that an item is in.</summary>
/// <param name="Source"><c>i2i</c> or <c>u2i</c>.</param>
/// <param name="Side"><c>to</c>: the explained item is <c>item_id</c>; <c>from</c>: it is <c>pair_item_id</c>.</param>
/// <param name="Found">Number of pairs of this source and side.</param>
/// <param name="Other">The other item.</param>
internal sealed record PairRow(string Source, string Side, long Found, Neighbour Other);
