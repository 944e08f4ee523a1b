using System.Text;
using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;

namespace OneRec.Inputs.Csv;

/// <summary>Makes copies of CSV files that an engine can read: without malformed records, lines ended alike.</summary>
internal static class CsvMend
{
    /// <summary>A source over copies where a file needs one.</summary>
    /// <param name="source">What the engine refused.</param>
    /// <param name="failure">What the engine told.</param>
    /// <param name="bad">Takes malformed records; null: the first is thrown.</param>
    /// <param name="scratch">For the copies.</param>
    /// <returns>Null where no record is malformed and the failure is not about the files' text.</returns>
    /// <exception cref="OneRecException">The first malformed record where it is not to be quarantined (exit 3).</exception>
    public static InputFiles? Mend(CsvSource source, OneRecException failure, BadRowList? bad, ScratchCopies scratch)
    {
        bool[] malformed = [.. source.Files.Files.Select(file => HasMalformed(file, source.MultiLine, bad))];
        if (!malformed.Contains(true) && failure.Kind != ErrorKind.Input)
        {
            return null;
        }

        // RFC 4180 text that an engine refuses (lines that end by LF here and CRLF there) is written anew as a whole. Where
        // folders name columns all files must stay under one root.
        bool all = !malformed.Contains(true) || source.Files.Partitions is not null;
        string[] files = [.. source.Files.Files.Select((file, n) =>
            all || malformed[n] ? Copy(source, file, scratch.Folder) : file)];
        return source.Files with
        {
            Files = files,
            Partitions = source.Files.Partitions is { } partitions ? partitions with { Root = scratch.Folder } : null,
        };
    }

    private static bool HasMalformed(string file, bool multiLine, BadRowList? bad)
    {
        using var reader = new CsvReader(file, multiLine);
        bool found = false;
        foreach (CsvRecord record in reader.AnyRecords())
        {
            if (record.Problem is null)
            {
                continue;
            }

            if (bad is null)
            {
                throw reader.Refuse(record);
            }

            bad.Add(new BadRow(file, record.Row, record.Problem, record.Raw));
            found = true;
        }

        return found;
    }

    private static string Copy(CsvSource source, string file, string folder)
    {
        string name = source.Files.NameOf(file);
        string path = Path.Combine(folder, CsvText.IsPacked(name) ? name[..^3] : name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var reader = new CsvReader(file, source.MultiLine);
        using var writer = new StreamWriter(path, false, new UTF8Encoding(false), 1 << 17) { NewLine = "\n" };
        writer.WriteLine(reader.Read()!.Line());
        foreach (CsvRecord record in reader.AnyRecords().Where(r => r.Problem is null))
        {
            writer.WriteLine(record.Line());
        }

        return path;
    }
}
