namespace OneRec.Pipeline.Steps;

/// <summary>All rows as part 0: what spread work comes down to where an engine works on one partition.</summary>
internal static class SinglePart
{
    /// <summary>The rows with a column <c>part</c> in front.</summary>
    public static IRelation Of(IQueryEngine engine, IRelation rows) =>
        engine.Sql(SqlScript.Load(typeof(SinglePart), "one_part.sql"), ("whole", rows));
}
