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
            int end = Skipped(sql, at);
            if (end == at && IsWord(sql[at]))
            {
                end = WordEnd(sql, at);
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
            int end = Quoted(sql, at + 1, '\'');
            string given = sql[(at + 2)..Math.Max(at + 2, end - 1)];
            return TableMoment.ParseTime(given) is { } time
                ? (new VersionedTable($"{table}@{time:yyyy-MM-ddTHH:mm:ss.FFFFFFFZ}", table, new TableMoment(null, time)), end)
                : throw OneRecException.Configuration("sql.version", $"sql: {table}@'{given}' names no time; write one such as {table}@'2026-11-30T02:00:00Z' (UTC if it has no offset)");
        }

        int last = WordEnd(sql, at + 1);
        string digits = sql[(at + 1)..last];
        return TableMoment.ParseVersion(digits) is { } version
            ? (new VersionedTable(string.Create(CultureInfo.InvariantCulture, $"{table}@{version}"), table, new TableMoment(version, null)), last)
            : throw OneRecException.Configuration("sql.version", $"sql: {table}@{digits} names no version; write {table}@12, or {table}@'2026-11-30T02:00:00Z' for the version at a time");
    }

    /// <summary>The end of a text, a quoted name or a comment that starts here; the place itself if none does.</summary>
    private static int Skipped(string sql, int at) => sql[at] switch
    {
        '\'' or '"' or '`' => Quoted(sql, at, sql[at]),
        '$' when Dollars(sql, at) is { } tag => EndOf(sql, at + tag.Length, tag),
        '-' when Follows(sql, at, "--") => EndOf(sql, at, "\n"),
        '/' when Follows(sql, at, "/*") => EndOf(sql, at + 2, "*/"),
        _ => at,
    };

    // The opening of a text between dollars: $$ or $tag$; null if it is none.
    private static string? Dollars(string sql, int at)
    {
        int end = WordEnd(sql, at + 1);
        return end < sql.Length && sql[end] == '$' ? sql[at..(end + 1)] : null;
    }

    // A quote inside is written twice: the text then seems to end and start again, which comes to the same.
    private static int Quoted(string sql, int at, char quote)
    {
        int end = sql.IndexOf(quote, at + 1);
        return end < 0 ? sql.Length : end + 1;
    }

    private static int EndOf(string sql, int at, string mark)
    {
        int end = sql.IndexOf(mark, at, StringComparison.Ordinal);
        return end < 0 ? sql.Length : end + mark.Length;
    }

    private static bool Follows(string sql, int at, string mark) => sql.AsSpan(at).StartsWith(mark, StringComparison.Ordinal);

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static int WordEnd(string sql, int at)
    {
        while (at < sql.Length && IsWord(sql[at]))
        {
            at++;
        }

        return at;
    }
}

/// <summary>A table at a version or at a time.</summary>
/// <param name="Name">The name of its relation.</param>
/// <param name="Table">The table, or <c>current_ids</c>.</param>
/// <param name="Moment">The version or time.</param>
internal sealed record VersionedTable(string Name, string Table, TableMoment Moment);
