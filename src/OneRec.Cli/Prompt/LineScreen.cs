using System.Globalization;
using System.Text;
using OneRec.Cli.Output;
using Spectre.Console.Rendering;

namespace OneRec.Cli.Prompt;

/// <summary>Draws an edited line behind its prompt, over as many rows of the screen as it needs.</summary>
/// <param name="screen">The terminal.</param>
/// <param name="width">Its columns.</param>
internal sealed class LineScreen(TextWriter screen, Func<int> width)
{
    private int _row;

    /// <summary>Draws the line anew, with the cursor in its place.</summary>
    public void Draw(string prompt, LineBuffer line)
    {
        var drawn = new StringBuilder();
        if (_row > 0)
        {
            drawn.Append(CultureInfo.InvariantCulture, $"\u001b[{_row}A");
        }

        drawn.Append("\r\u001b[J").Append(prompt).Append(Printable.Line(line.Text));
        int columns = width();
        (int row, int column) cursor = Place(prompt, line.Text.AsSpan(0, line.Cursor), columns);
        (int row, int column) end = Place(prompt, line.Text, columns);
        if (end.column == 0 && end.row > 0)
        {
            // A terminal stays in the last column of a full row until the next character comes.
            drawn.Append(" \r");
        }

        if (end.row > cursor.row)
        {
            drawn.Append(CultureInfo.InvariantCulture, $"\u001b[{end.row - cursor.row}A");
        }

        drawn.Append('\r');
        if (cursor.column > 0)
        {
            drawn.Append(CultureInfo.InvariantCulture, $"\u001b[{cursor.column}C");
        }

        _row = cursor.row;
        screen.Write(drawn.ToString());
        screen.Flush();
    }

    /// <summary>Leaves the line: what is written next begins on a row of its own.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="line">The line.</param>
    /// <param name="mark">Shown behind the line.</param>
    public void Leave(string prompt, LineBuffer line, string mark = "")
    {
        line.End();
        Draw(prompt, line);
        screen.Write($"{mark}\n");
        screen.Flush();
        _row = 0;
    }

    /// <summary>Empties the screen.</summary>
    public void Clear()
    {
        screen.Write("\u001b[H\u001b[2J");
        _row = 0;
    }

    // Where the cursor stands behind a text. A character of two columns does not begin in the last one.
    private static (int Row, int Column) Place(string prompt, ReadOnlySpan<char> text, int columns)
    {
        (int row, int column) = (0, 0);
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(prompt + Printable.Line(text.ToString()));
        while (elements.MoveNext())
        {
            int cells = Math.Min(columns, new Segment(elements.GetTextElement()).CellCount());
            (row, column) = column + cells > columns ? (row + 1, cells) : (row, column + cells);
        }

        return column >= columns ? (row + 1, 0) : (row, column);
    }
}
