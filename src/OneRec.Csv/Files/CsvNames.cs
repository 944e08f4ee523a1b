using System.Text.RegularExpressions;
using OneRec.Core;
using OneRec.Csv.Records;

namespace OneRec.Csv.Files;

/// <summary>The names of a file's columns.</summary>
internal static partial class CsvNames
{
    /// <summary>The names: those of the first record, or those given.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="first">Its first record.</param>
    /// <param name="header">Where the names are.</param>
    /// <exception cref="OneRecException">There is no record, it is malformed, or its names cannot be used (exit 3).</exception>
    public static IReadOnlyList<string> Of(string file, FirstRecords first, CsvHeader header)
    {
        if (first.Rows.Count == 0)
        {
            throw OneRecException.Input("input.header", $"{file} is empty{(header.IsInFile ? "; it must begin with a header" : "")}");
        }

        (string?[]? fields, string? problem) = first.Rows[0];
        if (fields is null)
        {
            throw OneRecException.Input("input.csv", $"{file}: the {(header.IsInFile ? "header" : "first row")} {problem}");
        }

        if (header.Names is { } names)
        {
            return names.Count == fields.Length ? RequireDistinct(file, "input.csv.header", names) : throw OneRecException.Input(
                "input.header",
                $"{file}: the first row has {fields.Length} {(fields.Length == 1 ? "field" : "fields")}, but input.csv.header has {names.Count}");
        }

        return header.IsInFile
            ? RequireDistinct(file, "the header", OfHeader(file, fields))
            : [.. Enumerable.Range(0, fields.Length).Select(CsvHeader.NameOf)];
    }

    /// <summary>Requires that no two names of columns are the same to SQL.</summary>
    /// <exception cref="OneRecException">Two are (exit 3).</exception>
    public static IReadOnlyList<string> RequireDistinct(string file, string where, IReadOnlyList<string> names)
    {
        string? twice = names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null
            ? names
            : throw OneRecException.Input(
                "input.header", $"{file}: {where} has '{twice}' twice (names are case-insensitive); rename one");
    }

    private static string[] OfHeader(string file, string?[] fields)
    {
        // pandas writes the index, which has no name, as the first column.
        string[] names = [.. fields.Select((name, n) => name ?? (n == 0 && fields.Length > 1
            ? CsvHeader.NameOf(0)
            : throw OneRecException.Input("input.header", $"{file}: column {n + 1} has no name in the header")))];

        // RecBole's atomic files have a type beside each name.
        return names.All(n => RecBoleType().IsMatch(n)) ? [.. names.Select(n => n[..n.LastIndexOf(':')])] : names;
    }

    [GeneratedRegex(@"\A.+:(token|float|token_seq|float_seq)\z", RegexOptions.CultureInvariant)]
    private static partial Regex RecBoleType();
}
