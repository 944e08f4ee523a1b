using OneRec.Core;
using OneRec.Csv.Records;

namespace OneRec.Inputs.Files;

/// <summary>Joins the files of several paths to one input.</summary>
internal static class SeveralInputs
{
    /// <summary>The files of all parts, each file once, in the order of the parts.</summary>
    /// <param name="key">The option, for messages.</param>
    /// <param name="parts">The files of each path; at least two.</param>
    /// <exception cref="OneRecException">
    /// Formats differ, a part is a Delta table, or folder names of a part are columns (exit 3).
    /// </exception>
    public static InputFiles Join(string key, IReadOnlyList<InputFiles> parts)
    {
        InputFiles first = parts[0];
        if (parts.FirstOrDefault(p => p.Table is not null) is { } table)
        {
            throw OneRecException.Input("input.format", $"{key}: {table.Root} is a table; name one table");
        }

        if (parts.FirstOrDefault(p => p.Format != first.Format) is { } other)
        {
            throw OneRecException.Input(
                "input.format",
                $"{key}: {first.Root} is {NameOf(first.Format)}, but {other.Root} is {NameOf(other.Format)}; convert one of them");
        }

        string separator = CsvFormat.SeparatorByName(first.First);
        if (first.Format == InputFormat.Csv && parts.FirstOrDefault(p => CsvFormat.SeparatorByName(p.First) != separator) is { } unlike)
        {
            throw OneRecException.Input(
                "input.format", $"{key}: {first.First} and {unlike.First} have different formats; convert one of them");
        }

        if (first.Format == InputFormat.Delta)
        {
            throw OneRecException.Input(
                "input.format", $"{key}: {first.Root} and {parts[1].Root} are Delta tables; name one table");
        }

        if (parts.FirstOrDefault(p => p.Partitions is not null) is { } divided)
        {
            throw OneRecException.Input(
                "input.partitions",
                $"{key}: folders of {divided.Root} name the column '{divided.Partitions!.Columns[0]}', which a list of paths cannot have; name one "
                    + "folder above them, or one pattern");
        }

        var walk = new FolderWalk(first.Store, f => InputFiles.FormatOfNamed(f) is not null);
        return new InputFiles(key, string.Join(", ", parts.Select(p => p.Root)), [.. walk.Distinct(parts.SelectMany(p => p.Files))])
        {
            Format = first.Format,
            Store = first.Store,
            Parts = parts,
            PassedOver = [.. parts.SelectMany(p => p.PassedOver.Select(f => Path.Combine(p.Root, f)))],
        };
    }

    private static string NameOf(InputFormat format) => format switch
    {
        InputFormat.Csv => "CSV",
        InputFormat.Json => "JSON",
        InputFormat.Parquet => "Parquet",
        _ => "a Delta table",
    };
}
