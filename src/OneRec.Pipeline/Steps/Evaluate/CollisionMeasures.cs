using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>How many items share an ID.</summary>
internal static class CollisionMeasures
{
    /// <summary>Measures collisions of whole IDs.</summary>
    public static IEnumerable<(string, int?, int?, double)> Measure(IQueryEngine engine, IRelation ids, Codebook codebook)
    {
        object?[] row = RowReader.Read(engine.Collect(engine.Sql(
            SqlScript.Load(typeof(CollisionMeasures), "collisions.sql").With("codebook_id", codebook.CodebookId), ("semantic_ids", ids))))[0];
        double items = (long)row[0]!;
        yield return ("evaluate.items", null, null, items);
        yield return ("evaluate.unique_ids", null, null, (long)row[1]!);
        yield return ("evaluate.collision_rate", null, null, 1 - ((long)row[1]! / items));
        yield return ("evaluate.items_not_alone", null, null, (long)row[2]! / items);
        yield return ("evaluate.largest_bucket", null, null, (long)row[3]!);
    }
}
