using Apache.Arrow;
using OneRec.Cli.Output;

namespace OneRec.Cli.Backend;

/// <summary>Tables that stay open for one query after another. Each query reads the versions that are newest when it begins.</summary>
internal interface ISqlTables : IDisposable
{
    /// <summary>The rows of a SELECT; to be read before the next one.</summary>
    RowSet Sql(string select);

    /// <summary>The tables that there are, with their newest versions, and the view <c>current_ids</c>, which has none.</summary>
    IReadOnlyList<(string Name, long? Version)> Tables();

    /// <summary>The columns of a table.</summary>
    /// <exception cref="Core.OneRecException">There is no such table (exit 2).</exception>
    Schema Schema(string table);
}
