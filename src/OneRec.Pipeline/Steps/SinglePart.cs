namespace OneRec.Pipeline.Steps;

/// <summary>Puts all rows into part 0, for engines that work on one partition.</summary>
internal static class SinglePart
{
    /// <summary>The rows with a leading column <c>part</c>.</summary>
    public static IRelation Add(IQueryEngine engine, IRelation rows) =>
        engine.Sql(SqlScript.Load(typeof(SinglePart), "one_part.sql"), ("whole", rows));
}
