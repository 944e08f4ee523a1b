using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Options;
using OneRec.Scoring.Embedding;

namespace OneRec.Pipeline.Queries;

/// <summary>Looks inside the vectors of the catalogue's items, as <c>embed</c> does before it embeds them.</summary>
internal static class CheckVectors
{
    /// <summary>Adds how many items have vectors.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="source">The vectors.</param>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="facts">Receives the facts.</param>
    /// <exception cref="OneRecException">
    /// An id is null, repeated or of another type; vectors hold a null or a number that is not finite, and bad rows are an error;
    /// vectors differ in length; or no item has vectors (exit 3).
    /// </exception>
    public static void Add(IQueryEngine engine, ItemCatalogue catalogue, VectorFiles source, InputOptions input, CheckFacts facts)
    {
        IArrowType id = catalogue.IdType;
        IRelation ids = engine.Sql(SqlScript.Load(typeof(CheckVectors), "live_item_ids.sql"), ("items", catalogue.Items));
        using IMaterializedRelation live = engine.Materialize(ids);
        using IMaterializedRelation looked = engine.Materialize(engine.Map(
            engine.AttachVectors(live, source), TokenCheckKernel.Call(source.Column, id), PartitionShape.Any));
        object?[] counts = One(engine, SqlScript.Load(typeof(CheckVectors), "check_vectors.sql"), looked);
        (long items, long with, long bad) = ((long)counts[0]!, (long)counts[1]!, (long)counts[2]!);
        (long shortest, long longest) = ((long)counts[3]!, (long)counts[4]!);
        facts.Share("items_with_vectors", with, items);
        facts.Count("bad_rows", bad);
        if (bad > 0 && input.BadRows == BadRows.Fail)
        {
            object?[] first = One(engine, SqlScript.Load(typeof(CheckVectors), "first_vector_problem.sql"), looked);
            throw OneRecException.Input(
                "embed.item",
                $"item {first[0]}: {first[1]} ({bad} such {(bad == 1 ? "item" : "items")} among {items}); fix the item, exclude it with "
                    + "input.deleted, or set input.badRows=quarantine");
        }

        if (shortest != longest)
        {
            object? Item(long length) =>
                One(engine, SqlScript.Load(typeof(CheckVectors), "item_of_length.sql").With("length", length), looked)[0];
            throw OneRecException.Input(
                "embed.item",
                $"{source.Files[0]}: vectors of item {Item(shortest)} have {shortest} floats, but those of item {Item(longest)} have {longest}; "
                    + "write all vectors with one length");
        }

        if (with < items)
        {
            facts.Text("warning", with == 0
                ? "no item has vectors; the item_id of input.tokens must be those of the catalogue"
                : $"{items - with} items have no vectors; that part of their embeddings is zeros");
        }
    }

    private static object?[] One(IQueryEngine engine, SqlScript script, IRelation looked) =>
        RowReader.Read(engine.Collect(engine.Sql(script, ("checked", looked))))[0];
}
