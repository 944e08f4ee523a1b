using System.Text.Unicode;
using OneRec.Core;
using OneRec.Csv.Files;
using OneRec.Csv.Records;
using OneRec.Csv.Types;
using OneRec.Inputs.Files;

namespace OneRec.Inputs.Initial;

/// <summary>How the text of an input is written, judged by the first rows of its first file.</summary>
/// <param name="Format">The format to read it with.</param>
/// <param name="ByName">The separator that its name says.</param>
internal sealed record TextForm(CsvFormat Format, string ByName)
{
    private const int SampleRows = 1_000;
    private const int HeadBytes = 256 << 10;

    // A share above this is no longer a few bad rows.
    private const double MostBad = 0.02;

    /// <summary>Whether the columns have no names in the files, so that those of the format are guesses.</summary>
    public bool IsHeaderless => Format.Header is { IsInFile: false };

    /// <summary>Judges an input.</summary>
    /// <exception cref="OneRecException">The first file cannot be read (exit 3).</exception>
    public static TextForm Of(InputFiles files)
    {
        CsvFile file = files.Text(files.First);
        string byName = CsvFormat.SeparatorByName(files.First);
        TextEncoding encoding = EncodingOf(file);
        Trial best = Candidates(byName).Select(c => Try(file, c with { Encoding = encoding })).OfType<Trial>().FirstOrDefault(t => t.IsGood)
            ?? new Trial(new CsvFormat(true, byName) { Encoding = encoding, Header = CsvHeader.Absent }, null);
        return new TextForm(best.Format with { Header = best.Head is { } head ? HeaderOf(head) : null }, byName);
    }

    // The name first; spaces last, since texts have them.
    private static IEnumerable<CsvFormat> Candidates(string byName) =>
        from separator in new[] { byName, "\t", CsvFormat.Colons, ",", ";", "|", " " }.Distinct(StringComparer.Ordinal)
        from unquoted in separator == CsvFormat.Colons ? new[] { true } : [false, true]
        select new CsvFormat(true, separator) { Unquoted = unquoted, Header = CsvHeader.Absent };

    private static Trial? Try(CsvFile file, CsvFormat format)
    {
        try
        {
            return new Trial(format, CsvHead.Read(file, format, SampleRows));
        }
        catch (OneRecException e) when (e.Code is "input.csv" or "input.header")
        {
            return null;
        }
    }

    private static CsvHeader? HeaderOf(CsvHead head)
    {
        if (head.Rows.Count == 0 || head.RowNumbers[0] != 1 || NamesAreLikely(head))
        {
            return null;
        }

        return CsvHeader.Of(GuessedNames.Of(head.Rows));
    }

    /// <summary>Whether the first record has names rather than values.</summary>
    private static bool NamesAreLikely(CsvHead head)
    {
        string?[] first = head.Rows[0];
        string[] names = [.. first.OfType<string>()];
        if (names.Length < first.Length - (first[0] is null ? 1 : 0) || names.Any(IsValue)
            || names.Distinct(StringComparer.OrdinalIgnoreCase).Count() < names.Length)
        {
            return false;
        }

        return names.Any(n => n.Contains(':', StringComparison.Ordinal) || ColumnGuess.IsKnown(n))
            || (head.Rows.Count > 1 && head.Rows.Skip(1).Any(r => r.OfType<string>().Any(IsValue)))
            || names.All(n => n.Length <= 40);
    }

    // A number, a time, an address, a list, an id with digits in a row, or a sentence.
    private static bool IsValue(string text) =>
        TypePatterns.Fits(ColumnType.Double, text) || TypePatterns.Fits(ColumnType.Timestamp, text) || TypePatterns.Fits(ColumnType.Date, text)
        || text.Contains("://", StringComparison.Ordinal) || text[0] is '[' or '{'
        || text.Length > 60 || text.Count(c => c == ' ') > 4 || HasDigitsInARow(text, 3);

    private static bool HasDigitsInARow(string text, int least)
    {
        int run = 0;
        foreach (char c in text)
        {
            run = char.IsAsciiDigit(c) ? run + 1 : 0;
            if (run == least)
            {
                return true;
            }
        }

        return false;
    }

    private static TextEncoding EncodingOf(CsvFile file)
    {
        using Stream text = file.Open();
        byte[] head = new byte[HeadBytes];
        int read = file.WrapErrors(() => text.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));

        // The last character may be cut.
        int end = read < head.Length ? read : Math.Max(0, head.AsSpan(0, read).LastIndexOf((byte)'\n'));
        bool isText = !head.AsSpan(0, end).Contains((byte)0);
        return isText && !Utf8.IsValid(head.AsSpan(0, end)) ? TextEncoding.Windows1252 : TextEncoding.Utf8;
    }

    private sealed record Trial(CsvFormat Format, CsvHead? Head)
    {
        // A line of SASRec is a user and an item; more words are a text.
        private const int MostWords = 4;

        public bool IsGood => Head is { Header.Count: > 1, Records: > 0 } head
            && head.Records - head.Rows.Count <= MostBad * head.Records
            && (Format.Separator != " " || (head.Header.Count <= MostWords && head.Rows.All(r => r.All(f => f is not null && !f.Contains('"', StringComparison.Ordinal)))));
    }
}
