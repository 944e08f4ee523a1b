using System.Globalization;

namespace OneRec.Pipeline.Queries.Describe;

/// <summary>Tables, each at the version it has when it is first asked for. One that does not exist has no rows.</summary>
/// <param name="engine">The engine.</param>
internal sealed class ReadTables(IEngine engine)
{
    private readonly Dictionary<string, (TableState State, IRelation Rows)?> _tables = new(StringComparer.Ordinal);

    /// <summary>The engine.</summary>
    public IQueryEngine Engine => engine;

    /// <summary>Whether a table exists.</summary>
    public bool Has(string table) => Pinned(table) is not null;

    /// <summary>The newest version that changed a table's rows; null if the table does not exist.</summary>
    public string? Version(string table) => Pinned(table)?.State.DataVersion.ToString(CultureInfo.InvariantCulture);

    /// <summary>A table's rows; null if the table does not exist.</summary>
    public IRelation? Relation(string table) => Pinned(table)?.Rows;

    /// <summary>The rows of a query over a table.</summary>
    /// <param name="script">The query.</param>
    /// <param name="table">The table.</param>
    /// <param name="name">What the query calls it.</param>
    /// <param name="asked">A relation that the query calls <c>asked</c>; null if it has none.</param>
    public List<object?[]> Rows(SqlScript script, string table, string name, IRelation? asked = null)
    {
        if (Relation(table) is not { } relation)
        {
            return [];
        }

        (string, IRelation) rows = (name, relation);
        return RowReader.Read(engine.Collect(asked is null ? engine.Sql(script, rows) : engine.Sql(script, ("asked", asked), rows)));
    }

    private (TableState State, IRelation Rows)? Pinned(string table)
    {
        if (!_tables.TryGetValue(table, out (TableState State, IRelation Rows)? pinned))
        {
            pinned = engine.Tables.State(table) is { } state ? (state, engine.ReadTable(table, state.Version)) : null;
            _tables.Add(table, pinned);
        }

        return pinned;
    }
}
