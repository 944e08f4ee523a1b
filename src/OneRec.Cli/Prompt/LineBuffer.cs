using System.Globalization;
using System.Text;

namespace OneRec.Cli.Prompt;

/// <summary>A line that is edited: its text and the place of the cursor. What a person sees as one character moves and goes as one.</summary>
internal sealed class LineBuffer
{
    /// <summary>The most characters of a line; more are not taken.</summary>
    public const int MaxLength = 1 << 20;

    private readonly StringBuilder _text = new();

    /// <summary>The text.</summary>
    public string Text => _text.ToString();

    /// <summary>The place of the cursor, in UTF-16 units from 0.</summary>
    public int Cursor { get; private set; }

    /// <summary>Replaces all of it; the cursor is at the end.</summary>
    public void Set(string text)
    {
        _text.Clear().Append(text);
        Cursor = _text.Length;
    }

    /// <summary>Adds a character before the cursor.</summary>
    public void Insert(char c)
    {
        if (_text.Length < MaxLength)
        {
            _text.Insert(Cursor++, c);
        }
    }

    /// <summary>Moves by characters; not beyond the ends.</summary>
    public void Move(int characters) => Cursor = Place(characters);

    /// <summary>Moves to the begin of a word, or to the end of one.</summary>
    public void MoveWord(bool forward) => Cursor = WordPlace(forward);

    /// <summary>Moves to the begin.</summary>
    public void Home() => Cursor = 0;

    /// <summary>Moves to the end.</summary>
    public void End() => Cursor = _text.Length;

    /// <summary>Removes characters before (-1) or behind (1) the cursor.</summary>
    public void Delete(int characters) => Remove(Place(characters));

    /// <summary>Removes the word before the cursor.</summary>
    public void DeleteWord() => Remove(WordPlace(forward: false));

    /// <summary>Removes what is before the cursor.</summary>
    public void DeleteToHome() => Remove(0);

    /// <summary>Removes what is behind the cursor.</summary>
    public void DeleteToEnd() => Remove(_text.Length);

    private void Remove(int to)
    {
        int start = Math.Min(Cursor, to);
        _text.Remove(start, Math.Abs(Cursor - to));
        Cursor = start;
    }

    private int Place(int characters)
    {
        int[] starts = StringInfo.ParseCombiningCharacters(Text);
        int at = Array.BinarySearch(starts, Cursor);
        int now = at >= 0 ? at : Cursor >= _text.Length ? starts.Length : ~at;
        int to = Math.Clamp(now + characters, 0, starts.Length);
        return to == starts.Length ? _text.Length : starts[to];
    }

    private int WordPlace(bool forward)
    {
        int step = forward ? 1 : -1, at = Cursor;
        bool Inside() => forward ? at < _text.Length : at > 0;
        char Next() => _text[forward ? at : at - 1];
        while (Inside() && !char.IsLetterOrDigit(Next()))
        {
            at += step;
        }

        while (Inside() && char.IsLetterOrDigit(Next()))
        {
            at += step;
        }

        return at;
    }
}
