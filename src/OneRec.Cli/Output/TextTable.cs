namespace OneRec.Cli.Output;

/// <summary>
/// A text table, written while rows arrive: the first rows determine the widths of columns. Memory does not grow with the
/// number of rows.
/// </summary>
/// <param name="writer">Where it is written.</param>
/// <param name="columns">Names, and whether values are right-aligned.</param>
/// <param name="cellWidth">Longer values are cut and end in <c>...</c>.</param>
internal sealed class TextTable(TextWriter writer, IReadOnlyList<(string Name, bool Right)> columns, int cellWidth)
{
    private const int RowsForWidths = 1_000;

    private readonly string[] _names = [.. columns.Select(c => Printable.Line(c.Name))];
    private readonly List<string[]> _first = [];
    private int[]? _widths;

    /// <summary>Adds a row; null is shown as <c>null</c>.</summary>
    public void Add(IEnumerable<string?> cells)
    {
        string[] row = [.. cells.Select(Cell)];
        if (_widths is not null)
        {
            Write(row);
            return;
        }

        _first.Add(row);
        if (_first.Count == RowsForWidths)
        {
            WriteFirst();
        }
    }

    /// <summary>Writes the remaining rows; the header is written even without rows.</summary>
    public void End()
    {
        if (_widths is null)
        {
            WriteFirst();
        }
    }

    private void WriteFirst()
    {
        _widths = [.. columns.Select((c, i) => _first.Select(r => Width(r[i])).Append(Width(_names[i])).Max())];
        Write([.. _names]);
        writer.WriteLine(string.Join("  ", _widths.Select(w => new string('-', w))));
        foreach (string[] row in _first)
        {
            Write(row);
        }

        _first.Clear();
    }

    private void Write(string[] row)
    {
        IEnumerable<string> cells = row.Select((cell, i) =>
        {
            string space = new(' ', Math.Max(0, _widths![i] - Width(cell)));
            return columns[i].Right ? space + cell : cell + space;
        });
        writer.WriteLine(string.Join("  ", cells).TrimEnd());
    }

    private string Cell(string? value)
    {
        // A long value is cut first: only its beginning is shown.
        string text = Printable.Line(value is null ? "null" : value.Length > cellWidth ? value[..(cellWidth + 1)] : value);
        if (text.Length <= cellWidth)
        {
            return text;
        }

        int end = cellWidth - 3;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "...";
    }

    private static int Width(string text) => text.EnumerateRunes().Count();
}
