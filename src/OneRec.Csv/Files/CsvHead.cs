using OneRec.Core;
using OneRec.Csv.Records;

namespace OneRec.Csv.Files;

/// <summary>The header of a CSV file and its first records.</summary>
public sealed class CsvHead
{
    private const int BlockBytes = 256 << 10;

    private CsvHead(IReadOnlyList<string> header, IReadOnlyList<string?[]> rows, int records) =>
        (Header, Rows, Records) = (header, rows, records);

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The first records that can be read: a text for each column, null for an empty field.</summary>
    public IReadOnlyList<string?[]> Rows { get; }

    /// <summary>Records that were looked at, those that cannot be read among them.</summary>
    public int Records { get; }

    /// <summary>Reads the head of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="multiLine">Whether a quoted field may hold line breaks.</param>
    /// <param name="rows">Records to look at.</param>
    /// <param name="cancellation">Checked at each block.</param>
    /// <exception cref="OneRecException">It cannot be read, or its header is none (exit 3).</exception>
    public static CsvHead Read(CsvFile file, bool multiLine, int rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        using Stream text = file.Open();
        var lines = new LineBlocks(text, BlockBytes, cancellation);
        var read = new List<LineBlock>();
        var first = new Taken(1);
        var header = new RecordReader(0, multiLine, 0, first, cancellation);
        bool ended = false;
        while (!first.IsFull && !ended)
        {
            LineBlock? block = file.Guard(lines.Next);
            ended = block is null;
            if (block is null)
            {
                header.End();
                break;
            }

            if (read.Count == 0 && FileKind.Problem(block.Bytes.AsSpan(1, block.End - 1)) is { } kind)
            {
                throw OneRecException.Input("input.encoding", $"{file.Name} {kind}");
            }

            read.Add(block);
            header.Read(block);
        }

        IReadOnlyList<string> names = Names(file.Name, first);
        var sample = new Taken(rows);
        var records = new RecordReader(names.Count, multiLine, -1, sample, cancellation);
        read.ForEach(records.Read);
        while (!sample.IsFull && !ended)
        {
            LineBlock? block = file.Guard(lines.Next);
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

        return new CsvHead(names, [.. sample.Rows.Where(r => r.Fields is not null).Select(r => r.Fields!)], sample.Rows.Count);
    }

    private static string[] Names(string file, Taken first)
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
                "input.header", $"{file}: the header has '{twice}' twice (letter case does not count); rename one");
    }

    private sealed class Taken(int most) : IRecords
    {
        public List<(string?[]? Fields, string? Problem)> Rows { get; } = [];

        public bool IsFull => Rows.Count >= most;

        public void Take(long row, CsvFields record)
        {
            if (!IsFull)
            {
                Rows.Add(([.. Enumerable.Range(0, record.Count).Select(record.TextOf)], null));
            }
        }

        public void Refuse(long row, string problem, string text)
        {
            if (!IsFull)
            {
                Rows.Add((null, problem));
            }
        }
    }
}
