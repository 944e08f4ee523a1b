using OneRec.Core;
using OneRec.Csv.Files;
using OneRec.Csv.Records;
using OneRec.Inputs.Files;

namespace OneRec.Inputs.Sources;

/// <summary>The columns that text files have in common, and their first rows.</summary>
internal sealed class TextShape
{
    private readonly Dictionary<string, IReadOnlyList<int>> _orders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _utf16 = new(StringComparer.Ordinal);

    private TextShape(IReadOnlyList<string> header) => Header = header;

    /// <summary>Names of the columns: those of the first file in its order; of JSON, the keys of the first rows of all files.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>For JSON, the keys that lead to each column; null: the files are CSV.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? JsonPaths { get; private init; }

    /// <summary>The well-formed rows among the first ones.</summary>
    public IReadOnlyList<SampledRow> Sample { get; private set; } = [];

    /// <summary>Number of rows that were read, including malformed ones.</summary>
    public int Records { get; private set; }

    /// <summary>Reads the names of the columns of every file, and the first rows.</summary>
    /// <param name="files">The files.</param>
    /// <param name="format">How CSV is written.</param>
    /// <param name="most">Number of rows.</param>
    /// <exception cref="OneRecException">A file cannot be read, or has other columns than the first (exit 3).</exception>
    public static TextShape Read(InputFiles files, CsvFormat format, int most)
    {
        bool isJson = files.Format == InputFormat.Json;
        var heads = new List<(string File, CsvHead Head)>();
        int seen = 0;
        foreach (string file in files.Files)
        {
            CsvFile text = files.Text(file) with { Encoding = isJson ? TextEncoding.Utf8 : format.Encoding };
            CsvHead head = isJson ? JsonHead.Read(text, most - seen) : CsvHead.Read(text, format, most - seen);
            heads.Add((file, head));
            seen += head.Records;
        }

        TextShape shape = isJson ? OfJson(heads) : new TextShape(heads[0].Head.Header);
        var sample = new List<SampledRow>();
        foreach ((string file, CsvHead head) in heads)
        {
            int[] order = [.. shape.Header.Select(n => Place(head.Header, n))];
            if (!isJson)
            {
                shape.Require(file, head, order, heads[0].File);
            }

            if (head.IsUtf16)
            {
                shape._utf16.Add(file);
            }

            sample.AddRange(head.Rows.Select((fields, r) => new SampledRow(
                file, head.RowNumbers[r], [.. order.Select(place => place < 0 ? null : fields[place])])));
        }

        shape.Sample = sample;
        shape.Records = seen;
        return shape;
    }

    /// <summary>For each file the places of the columns in it; null if all files have the order of the first.</summary>
    public IReadOnlyList<IReadOnlyList<int>?>? Orders(IReadOnlyList<string> files) =>
        _orders.Count == 0 ? null : [.. files.Select(f => _orders.GetValueOrDefault(f))];

    /// <summary>The first file that is no plain text or gzip of it in an encoding of bytes, and what it is; null if there is none.</summary>
    public (string File, string Kind)? Converted(IReadOnlyList<string> files) => files
        .Select(f => (File: f, Kind: _utf16.Contains(f) ? "UTF-16" : new CsvFile(f, []).IsZstandard ? "Zstandard" : ""))
        .Where(f => f.Kind.Length > 0)
        .Select(f => ((string, string)?)f)
        .FirstOrDefault();

    private static TextShape OfJson(List<(string File, CsvHead Head)> heads)
    {
        var paths = new List<(string Name, IReadOnlyList<string> Path)>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach ((_, CsvHead head) in heads)
        {
            paths.AddRange(head.Header.Zip(head.JsonPaths!).Where(p => known.Add(p.First)));
        }

        string[] names = [.. paths.Select(p => p.Name)];
        if (names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw OneRecException.Input(
                "input.header",
                $"{heads[0].File}: objects have the keys {string.Join(" and ", twice.Select(n => $"'{n}'"))}, which are one name (names are case-insensitive); rename one");
        }

        return new TextShape(names) { JsonPaths = [.. paths.Select(p => p.Path)] };
    }

    private static int Place(IReadOnlyList<string> header, string name)
    {
        for (int n = 0; n < header.Count; n++)
        {
            if (header[n] == name)
            {
                return n;
            }
        }

        return -1;
    }

    private void Require(string file, CsvHead head, int[] order, string first)
    {
        if (head.Header.Count != Header.Count || order.Contains(-1))
        {
            string? missing = Header.FirstOrDefault(n => !head.Header.Contains(n, StringComparer.Ordinal));
            string? added = head.Header.FirstOrDefault(n => !Header.Contains(n, StringComparer.Ordinal));
            throw OneRecException.Input(
                "input.header",
                $"{file} has a different header from {first}: " + (missing is not null ? $"it has no '{missing}'" : $"'{added}' is only in it")
                    + "; make the headers the same");
        }

        if (!order.SequenceEqual(Enumerable.Range(0, order.Length)))
        {
            _orders.Add(file, order);
        }
    }
}

/// <summary>A row of a sample.</summary>
/// <param name="File">Its file.</param>
/// <param name="Row">Its number in the file, from 1.</param>
/// <param name="Fields">A text for each column; null for an empty field.</param>
internal readonly record struct SampledRow(string File, int Row, string?[] Fields);
