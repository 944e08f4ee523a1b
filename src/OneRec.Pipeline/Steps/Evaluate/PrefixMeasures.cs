using OneRec.Kernels.Clustering.Batches;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>Whether items that begin alike are alike: by the log, and by their embeddings.</summary>
internal static class PrefixMeasures
{
    /// <summary>Measures prefixes; those of the log only where there is a table <c>item_similarity</c>.</summary>
    public static IEnumerable<(string, int?, int?, double)> Of(
        IEngine engine, IKeptRelation measured, IRelation ids, Codebook codebook, int levels, int dims)
    {
        if (engine.Tables.State("item_similarity") is not null)
        {
            IRelation similar = engine.ReadTable("item_similarity");
            for (int level = 0; level < levels; level++)
            {
                (long pairs, long alike) = Counts(
                    engine, Script("neighbour_shares.sql"), ("semantic_ids", ids), ("item_similarity", similar));
                if (pairs > 0)
                {
                    yield return ("evaluate.neighbour_share", level, null, alike / (double)pairs);
                }

                (long items, alike) = Counts(engine, Script("chance_shares.sql"), ("semantic_ids", ids));
                if (pairs > 0 && items > 1)
                {
                    yield return ("evaluate.neighbour_chance", level, null, alike / ((double)items * (items - 1)));
                }

                SqlScript Script(string file) => SqlScript.Load(file)
                    .With("codebook_id", codebook.CodebookId)
                    .With("rest", $"(-[0-9]+){{{levels - 1 - level}}}$");
            }
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
        object?[] row = Rows.Read(engine.Collect(engine.Sql(script, inputs)))[0];
        return ((long)row[0]!, (long)row[1]!);
    }
}
