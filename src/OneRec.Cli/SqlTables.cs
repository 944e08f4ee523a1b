using Apache.Arrow;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Pipeline.Queries;

namespace OneRec.Cli;

/// <summary>One engine that answers the queries of a prompt.</summary>
/// <param name="engine">The engine; disposed with this.</param>
/// <param name="tables">The tables of the program.</param>
internal sealed class SqlTables(IEngine engine, IReadOnlyList<string> tables) : ISqlTables
{
    private const string Ids = "semantic_ids";

    /// <inheritdoc/>
    public RowSet Sql(string select)
    {
        QueryResult result = SqlQuery.Run(engine, tables, select);
        return new RowSet(result.Schema, result.Batches);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, long? Version)> Tables() =>
    [
        .. tables.SelectMany(table => engine.Tables.State(table) is { } state
            ? table == Ids ? new[] { (table, (long?)state.Version), (CurrentIds.Name, null) } : [(table, state.Version)]
            : []),
    ];

    /// <inheritdoc/>
    public Schema Schema(string table)
    {
        (string Name, long?)[] known = [.. Tables()];
        string? name = known.Select(t => t.Name).FirstOrDefault(n => n.Equals(table, StringComparison.OrdinalIgnoreCase));
        return name is null
            ? throw OneRecException.Configuration(
                "sql.table", $"there is no table {table}; {(known.Length == 0 ? "there are no tables yet: run 'onerec run' first" : $"the tables are {string.Join(", ", known.Select(t => t.Name))}")}")
            : engine.Tables.State(name == CurrentIds.Name ? Ids : name)!.Schema;
    }

    /// <inheritdoc/>
    public void Dispose() => engine.Dispose();
}
