using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>Runs a SELECT over named data frames.</summary>
internal static class SqlFrame
{
    private static long _views;

    /// <summary>The data frame of a script's rows.</summary>
    /// <remarks>
    /// Spark needs a view of the session to name a data frame. Each input gets a view with a unique name. The script sees it
    /// under its own name through a common table expression. The views are dropped as soon as the query is analysed.
    /// </remarks>
    public static JvmObject Run(
        SparkSession session,
        SqlScript script,
        IReadOnlyList<(string Name, SparkRelation Relation)> inputs)
    {
        UserSqlCheck.Require(session, script, [.. inputs.Select(i => i.Name)]);
        SparkDialect dialect = SparkDialect.Instance;
        string sql = SqlRenderer.Render(script, dialect);
        string[] views = [.. inputs.Select(_ => $"onerec_{Interlocked.Increment(ref _views)}")];
        try
        {
            for (int i = 0; i < views.Length; i++)
            {
                inputs[i].Relation.Frame.Call("createOrReplaceTempView", views[i]);
            }

            string named = string.Join(
                ", ",
                inputs.Select((input, i) => $"{dialect.Name(input.Name)} AS (SELECT * FROM {views[i]})"));

            // The script is on separate lines because it may end in a comment.
            string query = views.Length == 0 ? sql : $"WITH {named} SELECT * FROM (\n{sql}\n)";
            return session.Session.Get("sql", query);
        }
        finally
        {
            // Not through the session's public catalog, which would also drop the cached rows of the view's data frame.
            using JvmObject catalog = session.Session.Get("sessionState").Get("catalog");
            foreach (string view in views)
            {
                catalog.Call("dropTempView", view);
            }
        }
    }
}
