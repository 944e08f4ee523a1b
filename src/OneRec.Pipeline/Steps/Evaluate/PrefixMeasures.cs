using OneRec.Kernels.Clustering.Batches;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>Whether items that share a prefix are similar, by the log and by their embeddings.</summary>
internal static class PrefixMeasures
{
    /// <summary>
    /// Share of pairs in table <c>item_similarity</c> that share a prefix, by the last level of the prefix.
    /// </summary>
    public const string InSample = "evaluate.in_sample_neighbour_share";

    /// <summary>Number of pairs in table <c>item_similarity</c> whose items both have an ID.</summary>
    public const string InSamplePairs = "evaluate.in_sample_neighbours";

    /// <summary>The same share for held-out partners.</summary>
    public const string HeldOut = "evaluate.holdout_neighbour_share";

    /// <summary>Number of held-out partners whose items both have an ID.</summary>
    public const string HeldOutPairs = "evaluate.holdout_neighbours";

    /// <summary>Share of all item pairs that share a prefix.</summary>
    public const string Chance = "evaluate.neighbour_chance";

    /// <summary>Measures prefixes.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="measured">Items with <c>vector</c> and <c>codes</c>.</param>
    /// <param name="ids">Table <c>semantic_ids</c>.</param>
    /// <param name="similar">Table <c>item_similarity</c>; null if it does not exist.</param>
    /// <param name="heldOut">Held-out partners; null if nothing is held out.</param>
    /// <param name="codebook">The codebook.</param>
    /// <param name="levels">Number of its levels.</param>
    /// <param name="dims">Dimensions of a vector.</param>
    /// <returns>
    /// The measures; those of the log only if there is a table <c>item_similarity</c> or held-out partners.
    /// </returns>
    public static IEnumerable<(string, int?, int?, double)> Measure(
        IQueryEngine engine, IMaterializedRelation measured, IRelation ids, IRelation? similar, IRelation? heldOut, Codebook codebook, int levels, int dims)
    {
        for (int level = 0; level < levels && (similar ?? heldOut) is not null; level++)
        {
            if (similar is not null && Neighbours(similar) is { Pairs: > 0 } inSample)
            {
                if (level == 0)
                {
                    yield return (InSamplePairs, null, null, inSample.Pairs);
                }

                yield return (InSample, level, null, inSample.Alike / (double)inSample.Pairs);
            }

            if (heldOut is not null)
            {
                (long pairs, long alike) = Neighbours(heldOut);
                if (level == 0)
                {
                    yield return (HeldOutPairs, null, null, pairs);
                }

                if (pairs > 0)
                {
                    yield return (HeldOut, level, null, alike / (double)pairs);
                }
            }

            (long items, long samePrefix) = Counts(engine, Script("chance_shares.sql"), ("semantic_ids", ids));
            if (items > 1)
            {
                yield return (Chance, level, null, samePrefix / ((double)items * (items - 1)));
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
        IQueryEngine engine, SqlScript script, params ReadOnlySpan<(string Name, IRelation Relation)> inputs)
    {
        object?[] row = RowReader.Read(engine.Collect(engine.Sql(script, inputs)))[0];
        return ((long)row[0]!, (long)row[1]!);
    }
}
