using System.Globalization;
using System.Text;
using OneRec.Core;

namespace OneRec.Pipeline.Queries;

/// <summary>
/// Tables at older versions in the user's SQL: <c>items@12</c>, or <c>items@'2026-11-30T02:00:00Z'</c> for the version at a
/// time. Each becomes the name of a relation of its own, in double quotes: <c>"items@12"</c>.
/// </summary>
/// <param name="Sql">The SQL with these names.</param>
/// <param name="Tables">The tables.</param>
internal sealed record VersionedTables(string Sql, IReadOnlyList<VersionedTable> Tables)
{
    /// <summary>Finds tables with versions. Texts, quoted names and comments are left alone.</summary>
    /// <param name="sql">The user's SQL.</param>
    /// <param name="names">The names of tables; <c>@</c> after any other word is left to the engine.</param>
    /// <exception cref="OneRecException">A version or a time is none (exit 2).</exception>
    public static VersionedTables Of(string sql, IReadOnlyCollection<string> names)
    {
        var found = new Dictionary<string, VersionedTable>(StringComparer.Ordinal);
        var text = new StringBuilder(sql.Length);
        for (int at = 0; at < sql.Length;)
        {
            int end = SqlScan.Skip(sql, at);
            if (end == at && SqlScan.IsWord(sql[at]))
            {
                end = SqlScan.WordEnd(sql, at);
                string word = sql[at..end];
                string? table = names.FirstOrDefault(n => n.Equals(word, StringComparison.OrdinalIgnoreCase));
                if (table is not null && Version(sql, end, table) is { } version)
                {
                    found.TryAdd(version.Table.Name, version.Table);
                    text.Append('"').Append(version.Table.Name).Append('"');
                    at = version.End;
                    continue;
                }
            }

            end = Math.Max(end, at + 1);
            text.Append(sql, at, end - at);
            at = end;
        }

        return new VersionedTables(text.ToString(), [.. found.Values]);
    }

    // What follows '@': digits, or a time in quotes.
    private static (VersionedTable Table, int End)? Version(string sql, int at, string table)
    {
        if (at + 1 >= sql.Length || sql[at] != '@')
        {
            return null;
        }

        if (sql[at + 1] == '\'')
        {
            int end = SqlScan.Quoted(sql, at + 1, '\'');
            string given = sql[(at + 2)..Math.Max(at + 2, end - 1)];
            return TableMoment.ParseTime(given) is { } time
                ? (new VersionedTable($"{table}@{time:yyyy-MM-ddTHH:mm:ss.FFFFFFFZ}", table, new TableMoment(null, time)), end)
                : throw OneRecException.Configuration("sql.version", $"sql: {table}@'{given}' names no time; write one such as {table}@'2026-11-30T02:00:00Z' (UTC if it has no offset)");
        }

        int last = SqlScan.WordEnd(sql, at + 1);
        string digits = sql[(at + 1)..last];
        return TableMoment.ParseVersion(digits) is { } version
            ? (new VersionedTable(string.Create(CultureInfo.InvariantCulture, $"{table}@{version}"), table, new TableMoment(version, null)), last)
            : throw OneRecException.Configuration("sql.version", $"sql: {table}@{digits} names no version; write {table}@12, or {table}@'2026-11-30T02:00:00Z' for the version at a time");
    }
}

/// <summary>A table at a version or at a time.</summary>
/// <param name="Name">The name of its relation.</param>
/// <param name="Table">The table, or <c>current_ids</c>.</param>
/// <param name="Moment">The version or time.</param>
internal sealed record VersionedTable(string Name, string Table, TableMoment Moment);
