using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Clustering.Rows;
using OneRec.Pipeline.Steps.Embed;

namespace OneRec.Pipeline.Queries.Describe;

/// <summary>Reads what the tables hold of the items asked for: one query a table, however many items. A table that does not exist has no rows.</summary>
internal sealed class ItemReader
{
    private readonly ReadTables _tables;
    private readonly IRelation _asked;
    private readonly ItemState[] _items;

    private ItemReader(ReadTables tables, IRelation asked, ItemState[] items) => (_tables, _asked, _items) = (tables, asked, items);

    /// <summary>Reads the items, in order.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="items">Ids as values.</param>
    /// <param name="id">The type of <c>item_id</c>.</param>
    /// <param name="modelId">The model whose embeddings are read.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public static IReadOnlyList<ItemState> Read(
        ReadTables tables, IReadOnlyList<object> items, IArrowType id, string modelId, CancellationToken cancellation)
    {
        var states = new ItemState[items.Count];
        for (int i = 0; i < states.Length; i++)
        {
            states[i] = new ItemState();
        }

        var reader = new ItemReader(tables, AskedItems.Relation(tables.Engine, items, id), states);
        Action[] parts = [reader.Ids, reader.Rows, () => reader.Embeddings(modelId), reader.Similar, reader.Pairs, () => reader.Problems(items)];
        foreach (Action part in parts)
        {
            cancellation.ThrowIfCancellationRequested();
            part();
        }

        return states;
    }

    private void Ids()
    {
        foreach (object?[] row in _tables.Rows(Script("asked_ids.sql"), "semantic_ids", "ids", _asked))
        {
            Of(row).Ids.Add(new IdRow(row));
        }

        foreach (ItemState item in _items)
        {
            item.Ids.Sort((a, b) => (a.AssignedAt, a.CodebookId, a.Slot).CompareTo((b.AssignedAt, b.CodebookId, b.Slot)));
        }
    }

    private void Rows()
    {
        foreach (object?[] row in _tables.Rows(Script("asked_rows.sql"), "items", "items", _asked))
        {
            ItemState item = Of(row);
            item.Row = new ItemRow(row);
            item.RowCount++;
        }
    }

    private void Embeddings(string modelId)
    {
        foreach (object?[] row in _tables.Rows(Script("asked_embeddings.sql").With("model_id", modelId), "item_embeddings", "embeddings", _asked))
        {
            float[] vector = [.. ((object?[])row[2]!).Select(v => (float)v!)];
            Of(row).Embeddings.Add(((string)row[1]!, EmbeddingHash.Of(vector), vector));
        }

        foreach (ItemState item in _items)
        {
            item.Embeddings.Sort((a, b) => string.CompareOrdinal(a.ContentHash, b.ContentHash));
        }
    }

    private void Similar()
    {
        foreach (object?[] row in _tables.Rows(Script("asked_similar.sql"), "item_similarity", "similarity", _asked))
        {
            Of(row).Similar = (long)row[1]!;
        }
    }

    private void Pairs()
    {
        foreach (object?[] row in _tables.Rows(Script("asked_pairs.sql"), "item_pairs", "pairs", _asked))
        {
            Of(row).Pairs[(string)row[1]!] = (long)row[2]!;
        }
    }

    private void Problems(IReadOnlyList<object> items)
    {
        var schema = new Schema([new Field("place", Int32Type.Default, false), new Field("payload", StringType.Default, false)], null);
        IRelation payloads = _tables.Engine.FromRows(
            schema, [RowReader.Build(schema, [.. items.Select((item, place) => new object?[] { place, EmbedProblems.Payload($"{item}") })])]);
        foreach (object?[] row in _tables.Rows(Script("asked_problems.sql"), "quarantine", "quarantine", payloads))
        {
            Of(row).Problems.Add(((string)row[1]!, (string)row[2]!));
        }
    }

    private static SqlScript Script(string name) => SqlScript.Load(typeof(ItemReader), name);

    private ItemState Of(object?[] row) => _items[(int)row[0]!];
}
