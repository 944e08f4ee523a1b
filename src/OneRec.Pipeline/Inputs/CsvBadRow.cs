using OneRec.Core;

namespace OneRec.Pipeline.Inputs;

/// <summary>Finds the first row of CSV files whose columns do not parse, to name it.</summary>
internal static class CsvBadRow
{
    /// <summary>The error that names file, row, column and value.</summary>
    /// <param name="source">The files.</param>
    /// <param name="columns">Columns with the types that they must have.</param>
    /// <param name="key">One of them that must not be empty; null: none.</param>
    /// <param name="badRows">How many bad rows there are.</param>
    public static OneRecException First(
        CsvSource source, IReadOnlyList<(string Column, ColumnType Type)> columns, string? key, long badRows)
    {
        List<string> names = [.. source.Columns];
        foreach (string file in source.Files.Files)
        {
            using var reader = new CsvReader(file, source.MultiLine);
            foreach (CsvRecord record in reader.Records())
            {
                foreach ((string column, ColumnType type) in columns)
                {
                    int at = names.IndexOf(column);
                    string? value = at < record.Fields.Count ? record.Fields[at] : null;
                    string? what = value is null
                        ? column == key ? Missing(column) : null
                        : TypePatterns.Fits(type, value) ? null : NoValue(column, value, type);
                    if (what is not null)
                    {
                        return OneRecException.Input(
                            "input.bad-row", $"{file}: row {record.Row}: {what} ({badRows} bad rows in all)");
                    }
                }
            }
        }

        return OneRecException.Input("input.bad-row", $"{source.Files.Root} has {badRows} rows that do not parse");
    }

    /// <summary>What is wrong with an id that is not there.</summary>
    public static string Missing(string column) => $"column '{column}' is empty, but ids must be there";

    /// <summary>What is wrong with a value of another type.</summary>
    public static string NoValue(string column, string value, ColumnType type) =>
        $"column '{column}' has '{value}', which is no {CsvSource.Name(type)}; fix the row or set input.types.{column}";
}
