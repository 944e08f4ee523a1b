using OneRec.Core;
using OneRec.Csv.Records;

namespace OneRec.Csv.Files;

/// <summary>The header and the first records of a CSV file.</summary>
public sealed class CsvHead
{
    private const int BlockBytes = 256 << 10;

    private CsvHead(IReadOnlyList<string> header, IReadOnlyList<(string?[] Fields, int Row)> rows, int records) =>
        (Header, Rows, RowNumbers, Records) = (header, [.. rows.Select(r => r.Fields)], [.. rows.Select(r => r.Row)], records);

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The well-formed records among the first ones: a text for each column, null for an empty field.</summary>
    public IReadOnlyList<string?[]> Rows { get; }

    /// <summary>The number of each of <see cref="Rows"/> in the file, from 1, without the header.</summary>
    public IReadOnlyList<int> RowNumbers { get; }

    /// <summary>Number of records that were read, including malformed ones.</summary>
    public int Records { get; }

    /// <summary>Reads the header and the first records of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="format">The separator, and whether a quoted field may contain line breaks.</param>
    /// <param name="rows">Maximum number of records to read.</param>
    /// <param name="cancellation">Checked before each block.</param>
    /// <exception cref="OneRecException">The file cannot be read, or its header is invalid (exit 3).</exception>
    public static CsvHead Read(CsvFile file, CsvFormat format, int rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        using Stream text = file.Open();
        var lines = new LineBlocks(text, BlockBytes, cancellation);
        var read = new List<LineBlock>();
        var first = new FirstRecords(1);
        var header = new RecordReader(0, format, 0, first, cancellation);
        bool ended = false;
        while (!first.IsFull && !ended)
        {
            LineBlock? block = file.WrapErrors(lines.Next);
            ended = block is null;
            if (block is null)
            {
                header.End();
                break;
            }

            if (read.Count == 0 && FileSignature.Problem(block.Bytes.AsSpan(1, block.End - 1), file.IsGzip) is { } kind)
            {
                throw OneRecException.Input("input.encoding", $"{file.Name} {kind}");
            }

            read.Add(block);
            header.Read(block);
        }

        IReadOnlyList<string> names = Names(file.Name, first);
        var sample = new FirstRecords(rows);
        var records = new RecordReader(names.Count, format, -1, sample, cancellation);
        read.ForEach(records.Read);
        while (!sample.IsFull && !ended)
        {
            LineBlock? block = file.WrapErrors(lines.Next);
            ended = block is null;
            if (block is not null)
            {
                records.Read(block);
            }
        }

        if (!sample.IsFull)
        {
            records.End();
        }

        return new CsvHead(names, [.. sample.Rows.Select((r, n) => (r.Fields!, n + 1)).Where(r => r.Item1 is not null)], sample.Rows.Count);
    }

    private static string[] Names(string file, FirstRecords first)
    {
        if (first.Rows.Count == 0)
        {
            throw OneRecException.Input("input.header", $"{file} is empty; it must begin with a header");
        }

        (string?[]? fields, string? problem) = first.Rows[0];
        if (fields is null)
        {
            throw OneRecException.Input("input.csv", $"{file}: the header {problem}");
        }

        string[] names = [.. fields.Select((name, n) => name ?? throw OneRecException.Input(
            "input.header", $"{file}: column {n + 1} has no name in the header"))];
        string? twice = names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null
            ? names
            : throw OneRecException.Input(
                "input.header", $"{file}: the header has '{twice}' twice (names are case-insensitive); rename one");
    }

    private sealed class FirstRecords(int most) : IRecordSink
    {
        public List<(string?[]? Fields, string? Problem)> Rows { get; } = [];

        public bool IsFull => Rows.Count >= most;

        public void Accept(long row, CsvRecord record)
        {
            if (!IsFull)
            {
                Rows.Add(([.. Enumerable.Range(0, record.Count).Select(record.TextOf)], null));
            }
        }

        public void Reject(long row, string problem, string text)
        {
            if (!IsFull)
            {
                Rows.Add((null, problem));
            }
        }
    }
}
