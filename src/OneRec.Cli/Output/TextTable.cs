namespace OneRec.Cli.Output;

/// <summary>
/// A table for people, written as rows come: the first rows set the widths, later ones keep them. Memory does not grow
/// with the rows.
/// </summary>
/// <param name="writer">Where it goes.</param>
/// <param name="columns">Names, and whether values go to the right.</param>
/// <param name="cellWidth">Longer values are cut, with a mark.</param>
internal sealed class TextTable(TextWriter writer, IReadOnlyList<(string Name, bool Right)> columns, int cellWidth)
{
    private const int RowsForWidths = 1_000;

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

    /// <summary>Writes what is left: always the header.</summary>
    public void End()
    {
        if (_widths is null)
        {
            WriteFirst();
        }
    }

    private void WriteFirst()
    {
        _widths = [.. columns.Select((c, i) => _first.Select(r => Width(r[i])).Append(Width(c.Name)).Max())];
        Write([.. columns.Select(c => c.Name)]);
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
        string text = (value ?? "null").ReplaceLineEndings(" ").Replace('\t', ' ');
        return text.Length <= cellWidth ? text : text[..(cellWidth - 3)] + "...";
    }

    private static int Width(string text) => text.EnumerateRunes().Count();
}
