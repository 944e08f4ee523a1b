using Apache.Arrow.Types;
using OneRec.Inputs.Options;
using OneRec.Inputs.Vectors;
using OneRec.Scoring.Embedding;

namespace OneRec.Inputs.Catalogue;

/// <summary>The vectors of <c>input.tokens</c> as part of what an item is: replaced vectors make the item a changed one.</summary>
/// <remarks>Reads and hashes all vectors of the items. With <c>input.tokensVersion</c> they are not read here.</remarks>
internal static class CatalogueVectors
{
    /// <summary>Whether the vectors are hashed: they are given, and no expression says when they change.</summary>
    public static bool AreHashed(InputOptions input) => input.Tokens is not null && input.TokensVersion is null;

    /// <summary>The items with the hash of their vectors as <c>tokens_version</c>; empty if an item has no vectors.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="items">The catalogue's items.</param>
    /// <param name="input">Section <c>input</c>, with <c>tokens</c>.</param>
    /// <param name="id">The catalogue's type of ids.</param>
    /// <param name="kept">Takes the hashes, to be disposed with the items.</param>
    /// <param name="clock">For the reader of a Delta table.</param>
    /// <exception cref="Core.OneRecException">
    /// The vectors cannot be read, their ids have another type than the catalogue's, or an item has two rows of them (exit 3).
    /// </exception>
    public static IRelation Add(
        IQueryEngine engine, IRelation items, InputOptions input, IArrowType id, List<IMaterializedRelation> kept, TimeProvider clock)
    {
        VectorInput vectors = VectorInput.Open(engine.Inputs, input, clock);
        vectors.RequireNoBombs();
        VectorFiles source = vectors.Source;
        IRelation ids = engine.Sql(SqlScript.Load(typeof(CatalogueVectors), "item_ids.sql"), ("items", items));

        // Materialized, since the items are read more than once.
        IMaterializedRelation hashes = engine.Materialize(engine.Map(
            engine.AttachVectors(ids, source), TokenHashKernel.Call(source.Column, id), PartitionShape.Any));
        kept.Add(hashes);
        return ItemFields.Replace(engine, items, "tokens_version", "coalesce(other.version, '')", hashes);
    }
}
