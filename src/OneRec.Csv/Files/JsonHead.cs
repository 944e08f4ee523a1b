using OneRec.Core;
using OneRec.Csv.Json;
using OneRec.Csv.Records;

namespace OneRec.Csv.Files;

/// <summary>Reads the first lines of a file of JSON.</summary>
public static class JsonHead
{
    /// <summary>
    /// Reads the keys of the first objects, those of inner objects as <c>outer.inner</c>, and their values.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="rows">Maximum number of records to read.</param>
    /// <param name="cancellation">Checked before each block.</param>
    /// <exception cref="OneRecException">The file cannot be read, or is not lines of objects (exit 3).</exception>
    public static CsvHead Read(CsvFile file, int rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        using Stream text = file.Open(out bool isUtf16);
        var lines = new LineBlocks(text, CsvHead.BlockBytes, cancellation);
        var read = new List<LineBlock>();
        var shape = new JsonShape(cancellation);
        while (shape.Lines < Math.Max(1, rows) && file.WrapErrors(lines.Next) is { } block)
        {
            CsvHead.RequireText(file, block, read.Count == 0);
            read.Add(block);
            shape.Read(block);
        }

        IReadOnlyList<IReadOnlyList<string>> paths = shape.Paths;
        if (paths.Count == 0 || IsArray(read))
        {
            throw OneRecException.Input("input.json", $"{file.Name} {Problem(read, cancellation)}");
        }

        var sample = new FirstRecords(rows);
        var records = new JsonLinesReader(paths, sample, cancellation);
        read.ForEach(records.Read);
        string[] names = [.. paths.Select(p => string.Join('.', p))];
        CsvNames.RequireDistinct(file.Name, "an object", names);
        return CsvHead.Of(names, sample, isUtf16, paths);
    }

    private static bool IsArray(List<LineBlock> read) =>
        read.Count > 0 && read[0].Bytes.AsSpan(1, read[0].End - 1).TrimStart("\r\n\t "u8).StartsWith("["u8);

    private static string Problem(List<LineBlock> read, CancellationToken cancellation)
    {
        if (read.Count == 0)
        {
            return "is empty; it must have a JSON object on each line";
        }

        if (IsArray(read))
        {
            return "is one JSON array; write each of its objects on a line, for example with jq -c '.[]'";
        }

        var first = new FirstRecords(1);
        var reader = new JsonLinesReader([["x"]], first, cancellation);
        read.ForEach(reader.Read);
        return first.Rows is [(null, { } problem), ..] ? $"row 1 {problem}" : "has no object with a key";
    }
}
