using DuckDB.NET.Data;

namespace OneRec.Pipeline.Tests.Export;

/// <summary>Reads files by DuckDB, whose readers of Parquet and CSV are its own.</summary>
internal static class Duck
{
    /// <summary>Rows as texts, a cell each; null as <c>NULL</c>.</summary>
    public static string[] Rows(string sql)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(c => reader.IsDBNull(c) ? "NULL" : reader.GetValue(c).ToString())));
        }

        return [.. rows];
    }
}
