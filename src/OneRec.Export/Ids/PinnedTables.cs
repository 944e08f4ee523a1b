namespace OneRec.Export.Ids;

/// <summary>Tables, each read at the version that it had when it was first asked for; a table that does not exist has no rows.</summary>
/// <param name="engine">The engine.</param>
internal sealed class PinnedTables(IEngine engine)
{
    private readonly Dictionary<string, TableState?> _states = new(StringComparer.Ordinal);

    /// <summary>The newest version that changed rows, of each table that was read: compaction does not change it.</summary>
    public IReadOnlyDictionary<string, long> DataVersions =>
        _states.Where(s => s.Value is not null).ToDictionary(s => s.Key, s => s.Value!.DataVersion, StringComparer.Ordinal);

    /// <summary>The rows of a table; null if it does not exist.</summary>
    public IRelation? Read(string table) => StateOf(table) is { } state ? engine.ReadTable(table, state.Version) : null;

    /// <summary>The rows of a query over a table; none if it does not exist.</summary>
    public List<object?[]> Rows(SqlScript script, string table) =>
        Read(table) is { } rows ? RowReader.Read(engine.Collect(engine.Sql(script, (table, rows)))) : [];

    private TableState? StateOf(string table)
    {
        if (!_states.TryGetValue(table, out TableState? state))
        {
            state = engine.Tables.State(table);
            _states.Add(table, state);
        }

        return state;
    }
}
