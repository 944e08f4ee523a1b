using System.Globalization;

namespace OneRec.Pipeline.Queries.Describe;

/// <summary>Tables that may not exist: one that does not has no rows.</summary>
/// <param name="engine">The engine.</param>
internal sealed class ReadTables(IEngine engine)
{
    /// <summary>The engine.</summary>
    public IQueryEngine Engine => engine;

    /// <summary>Whether a table exists.</summary>
    public bool Has(string table) => engine.Tables.State(table) is not null;

    /// <summary>The newest version that changed a table's rows; null if the table does not exist.</summary>
    public string? Version(string table) => engine.Tables.State(table)?.DataVersion.ToString(CultureInfo.InvariantCulture);

    /// <summary>The rows of a query over a table.</summary>
    /// <param name="script">The query.</param>
    /// <param name="table">The table.</param>
    /// <param name="name">What the query calls it.</param>
    /// <param name="asked">A relation that the query calls <c>asked</c>; null if it has none.</param>
    public List<object?[]> Rows(SqlScript script, string table, string name, IRelation? asked = null)
    {
        if (!Has(table))
        {
            return [];
        }

        (string, IRelation) rows = (name, engine.ReadTable(table));
        return RowReader.Read(engine.Collect(asked is null ? engine.Sql(script, rows) : engine.Sql(script, ("asked", asked), rows)));
    }
}
