using System.Globalization;
using System.Text.RegularExpressions;

namespace OneRec.Cli.Tests.Prompt;

/// <summary>A terminal's screen that knows what the editor writes: text that wraps late, cursor moves, erasing.</summary>
internal sealed partial class FakeScreen(int width) : StringWriter(CultureInfo.InvariantCulture)
{
    private readonly List<string?[]> _rows = [new string?[width]];
    private (int Row, int Column) _cursor;

    /// <summary>The rows without blanks at their ends, then where the cursor is.</summary>
    public string[] Rows()
    {
        string written = ToString();
        GetStringBuilder().Clear();
        for (int at = 0; at < written.Length;)
        {
            Match code = Code().Match(written, at);
            if (code.Success && code.Index == at)
            {
                Do(code.Groups[2].Value[0], code.Groups[1].Length == 0 ? 1 : int.Parse(code.Groups[1].Value, CultureInfo.InvariantCulture));
                at += code.Length;
                continue;
            }

            string element = StringInfo.GetNextTextElement(written, at);
            Put(element);
            at += element.Length;
        }

        return [.. _rows.Select(r => string.Concat(r.Select(c => c ?? " ")).TrimEnd()), $"{_cursor.Row},{_cursor.Column}"];
    }

    private void Put(string element)
    {
        switch (element)
        {
            case "\r\n" or "\n":
                _cursor = (_cursor.Row + 1, 0);
                break;
            case "\r":
                _cursor.Column = 0;
                break;
            default:
                int cells = element[0] is >= '\u2E80' and < '\uD7A4' ? 2 : 1;
                if (_cursor.Column + cells > width)
                {
                    _cursor = (_cursor.Row + 1, 0);
                }

                Grow();
                _rows[_cursor.Row][_cursor.Column] = element;
                if (cells == 2)
                {
                    _rows[_cursor.Row][_cursor.Column + 1] = "";
                }

                _cursor.Column += cells;
                break;
        }

        Grow();
    }

    private void Do(char command, int count)
    {
        switch (command)
        {
            case 'A':
                _cursor.Row -= count;
                break;
            case 'C':
                _cursor.Column += count;
                break;
            case 'J':
                _rows.RemoveRange(_cursor.Row + 1, _rows.Count - _cursor.Row - 1);
                Array.Clear(_rows[_cursor.Row], _cursor.Column, width - _cursor.Column);
                break;
            default:
                throw new InvalidOperationException($"the editor wrote a code that this screen does not know: {command}");
        }
    }

    private void Grow()
    {
        while (_rows.Count <= _cursor.Row)
        {
            _rows.Add(new string?[width]);
        }
    }

    [GeneratedRegex("\u001b\\[(\\d*)([A-Z])")]
    private static partial Regex Code();
}
