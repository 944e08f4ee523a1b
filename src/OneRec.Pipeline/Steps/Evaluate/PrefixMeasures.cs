using OneRec.Kernels.Clustering.Batches;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>Whether items that begin alike are alike: by the log, and by their embeddings.</summary>
internal static class PrefixMeasures
{
    /// <summary>Share of the pairs of table <c>item_similarity</c> that begin alike, by the last level of the prefix.</summary>
    public const string InSample = "evaluate.in_sample_neighbour_share";

    /// <summary>The same of held-out partners.</summary>
    public const string HeldOut = "evaluate.holdout_neighbour_share";

    /// <summary>Held-out partners of which both items have an ID.</summary>
    public const string HeldOutPairs = "evaluate.holdout_neighbours";

    /// <summary>The share of all pairs of items that begin alike.</summary>
    public const string Chance = "evaluate.neighbour_chance";

    /// <summary>Measures prefixes.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="measured">Items with <c>vector</c> and <c>codes</c>.</param>
    /// <param name="ids">Table <c>semantic_ids</c>.</param>
    /// <param name="heldOut">Held-out partners; null where no part of the log is held out.</param>
    /// <param name="codebook">The codebook.</param>
    /// <param name="levels">Its levels.</param>
    /// <param name="dims">Numbers of a vector.</param>
    /// <returns>Those of the log only where there is a table <c>item_similarity</c>, or partners.</returns>
    public static IEnumerable<(string, int?, int?, double)> Of(
        IEngine engine, IKeptRelation measured, IRelation ids, IRelation? heldOut, Codebook codebook, int levels, int dims)
    {
        IRelation? similar = engine.Tables.State("item_similarity") is null ? null : engine.ReadTable("item_similarity");
        for (int level = 0; level < levels && (similar ?? heldOut) is not null; level++)
        {
            if (similar is not null && Neighbours(similar) is { Pairs: > 0 } inSample)
            {
                yield return (InSample, level, null, inSample.Alike / (double)inSample.Pairs);
            }

            if (heldOut is not null)
            {
                (long pairs, long together) = Neighbours(heldOut);
                if (level == 0)
                {
                    yield return (HeldOutPairs, null, null, pairs);
                }

                if (pairs > 0)
                {
                    yield return (HeldOut, level, null, together / (double)pairs);
                }
            }

            (long items, long alike) = Counts(engine, Script("chance_shares.sql"), ("semantic_ids", ids));
            if (items > 1)
            {
                yield return (Chance, level, null, alike / ((double)items * (items - 1)));
            }

            (long Pairs, long Alike) Neighbours(IRelation pairs) =>
                Counts(engine, Script("neighbour_shares.sql"), ("semantic_ids", ids), ("neighbours", pairs));

            SqlScript Script(string file) => SqlScript.Load(typeof(PrefixMeasures), file)
                .With("codebook_id", codebook.CodebookId)
                .With("rest", $"(-[0-9]+){{{levels - 1 - level}}}$");
        }

        var directions = new DirectionSums(dims, measured.Rows);
        directions.Read(engine.Collect(engine.Map(measured, DirectionSumsKernel.Call(measured.Rows), PartitionShape.Any)));
        if (directions.WithinGroups is { } within)
        {
            yield return ("evaluate.prefix_cosine", 0, null, within);
        }

        if (directions.OfAll is { } random)
        {
            yield return ("evaluate.random_cosine", null, null, random);
        }
    }

    private static (long First, long Second) Counts(
        IEngine engine, SqlScript script, params ReadOnlySpan<(string Name, IRelation Relation)> inputs)
    {
        object?[] row = RowReader.Read(engine.Collect(engine.Sql(script, inputs)))[0];
        return ((long)row[0]!, (long)row[1]!);
    }
}
