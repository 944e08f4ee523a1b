using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries.Describe;

/// <summary>
/// Tells where the IDs of items come from, by what the tables and the model folders hold. Nothing is guessed: what they do
/// not hold is told as not known. Reads only; a run may go on meanwhile.
/// </summary>
public static class DescribeQuery
{
    /// <summary>The lineages of items under the codebook of option <c>codebook</c>, in the order given.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="items">Item ids as text, at least one.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>A lineage for each id; one without an ID tells why there is none.</returns>
    /// <exception cref="OneRecException">
    /// An id does not match the type in the tables, or the codebook is unknown (exit 2); there is no codebook, or there are no
    /// IDs yet (exit 4).
    /// </exception>
    public static IReadOnlyList<Lineage> Run(IEngine engine, OneRecOptions options, IReadOnlyList<string> items, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(items);
        Codebook codebook = CodebookChoice.Resolve(engine, options.Codebook);
        TableState ids = engine.Tables.State("semantic_ids")
            ?? throw OneRecException.Table("describe.no-ids", "semantic_ids: there are no IDs yet; run 'onerec run' first");
        IArrowType id = ids.Schema.GetFieldByName("item_id").DataType;
        object[] asked = AskedItems.Parse(items, id, "describe.item");
        var read = new ReadTables(engine);
        var tables = new LineageTables(read, options, codebook);
        var model = ModelLineage.Of(tables);
        IReadOnlyList<ItemState> states = ItemReader.Read(read, asked, id, codebook.ModelId, cancellation);
        return [.. states.Select((state, place) => Describe(tables, model, asked[place], state))];
    }

    private static Lineage Describe(LineageTables tables, ModelLineage model, object item, ItemState state)
    {
        IdRow? row = IdLineage.Chosen(state, tables.Codebook);
        string headline = row is null ? "no ID" : row.DeletedAt is null ? $"{row.Sid} slot {row.Slot}" : $"{row.Sid} slot {row.Slot}, deleted";
        return new Lineage(
            item is long number ? number : (string)item,
            state.Row?.Title is { } title ? $"{headline}  {title}" : headline,
            [
                new LineageSection("id", [.. IdLineage.Facts(tables, state, row)]),
                new LineageSection("embedding", [.. EmbeddingLineage.Facts(tables, state, row)]),
                new LineageSection("model", [.. model.Facts().Select(Copy)]),
                new LineageSection("codebook", [.. CodebookLineage.Facts(tables)]),
                new LineageSection("catalogue", [.. CatalogueLineage.Facts(tables, state)]),
                new LineageSection("log", [.. LogLineage.Facts(tables, state)]),
            ]);
    }

    // A JSON value has one parent: each lineage gets its own.
    private static LineageFact Copy(LineageFact fact) => fact with { Value = fact.Value?.DeepClone() };
}
