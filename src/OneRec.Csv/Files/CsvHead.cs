using OneRec.Core;
using OneRec.Csv.Records;

namespace OneRec.Csv.Files;

/// <summary>The names of the columns and the first records of a text file.</summary>
public sealed class CsvHead
{
    /// <summary>Size of the blocks that are read, in bytes.</summary>
    internal const int BlockBytes = 256 << 10;

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

    /// <summary>The problem of the first malformed record; null if there is none.</summary>
    public string? FirstProblem { get; private init; }

    /// <summary>Whether the file is UTF-16.</summary>
    public bool IsUtf16 { get; private init; }

    /// <summary>For lines of JSON, the keys that lead to each column, outermost first; null: the file is CSV.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? JsonPaths { get; private init; }

    /// <summary>Reads the header and the first records of a CSV file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="csv">How it is written.</param>
    /// <param name="rows">Maximum number of records to read.</param>
    /// <param name="cancellation">Checked before each block.</param>
    /// <exception cref="OneRecException">The file cannot be read, or its header is invalid (exit 3).</exception>
    public static CsvHead Read(CsvFile file, CsvFormat csv, int rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        CsvFormat format = csv.For(file.Name);
        CsvFile encoded = file with { Encoding = format.Encoding };
        using Stream text = encoded.Open(out bool isUtf16);
        var lines = new LineBlocks(text, BlockBytes, cancellation);
        var read = new List<LineBlock>();
        var first = new FirstRecords(1);
        IRecordReader header = format.Reader(0, 0, first, cancellation);
        bool ended = false;
        while (!first.IsFull && !ended)
        {
            LineBlock? block = encoded.WrapErrors(lines.Next);
            ended = block is null;
            if (block is null)
            {
                header.End();
                break;
            }

            RequireText(encoded, block, read.Count == 0);
            read.Add(block);
            header.Read(block);
        }

        IReadOnlyList<string> names = CsvNames.Of(file.Name, first, format.Header ?? CsvHeader.InFile);
        var sample = new FirstRecords(rows);
        IRecordReader records = format.Reader(names.Count, format.Header is null or { IsInFile: true } ? -1 : 0, sample, cancellation);
        read.ForEach(records.Read);
        while (!sample.IsFull && !ended)
        {
            LineBlock? block = encoded.WrapErrors(lines.Next);
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

        return Of(names, sample, isUtf16);
    }

    /// <summary>The head of a file from its first records.</summary>
    internal static CsvHead Of(
        IReadOnlyList<string> names, FirstRecords sample, bool isUtf16, IReadOnlyList<IReadOnlyList<string>>? jsonPaths = null) => new(
        names, [.. sample.Rows.Select((r, n) => (r.Fields!, n + 1)).Where(r => r.Item1 is not null)], sample.Rows.Count)
        {
            FirstProblem = sample.Rows.FirstOrDefault(r => r.Fields is null).Problem,
            IsUtf16 = isUtf16,
            JsonPaths = jsonPaths,
        };

    /// <summary>Checks that a file's first block is text.</summary>
    /// <exception cref="OneRecException">It is something else (exit 3).</exception>
    internal static void RequireText(CsvFile file, LineBlock block, bool isFirst)
    {
        if (isFirst && FileSignature.Problem(block.Bytes.AsSpan(1, block.End - 1), file.IsCompressed) is { } kind)
        {
            throw OneRecException.Input("input.encoding", $"{file.Name} {kind}");
        }
    }
}
