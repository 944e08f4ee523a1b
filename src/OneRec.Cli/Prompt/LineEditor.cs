using OneRec.Cli.Output;

namespace OneRec.Cli.Prompt;

/// <summary>How a line of a prompt ended.</summary>
internal enum LineEnd
{
    /// <summary>Enter.</summary>
    Entered,

    /// <summary>Ctrl-C: the line is to be dropped.</summary>
    Dropped,

    /// <summary>Ctrl-D on an empty line, or the terminal is gone.</summary>
    Ended,
}

/// <summary>A line of a prompt.</summary>
/// <param name="Text">The text; empty unless it was entered.</param>
/// <param name="End">How it ended.</param>
internal readonly record struct PromptLine(string Text, LineEnd End);

/// <summary>Reads lines from a keyboard, with the keys of readline and a history.</summary>
/// <param name="keyboard">The keyboard.</param>
/// <param name="screen">The terminal.</param>
/// <param name="history">The lines before; those that are entered are added.</param>
internal sealed class LineEditor(IKeyboard keyboard, TextWriter screen, PromptHistory history)
{
    private const char FirstPrintable = ' ';

    private readonly LineScreen _screen = new(screen, () => keyboard.Width);

    /// <summary>Reads a line.</summary>
    public PromptLine Read(string prompt)
    {
        var line = new LineBuffer();
        var past = new HistoryPlace(history);
        _screen.Draw(prompt, line);
        while (keyboard.Read() is { } key)
        {
            switch (Control(key))
            {
                case 'C':
                    _screen.Leave(prompt, line, "^C");
                    return new PromptLine("", LineEnd.Dropped);
                case 'D' when line.Text.Length == 0:
                    _screen.Leave(prompt, line);
                    return new PromptLine("", LineEnd.Ended);
                case 'J' or 'M':
                    _screen.Leave(prompt, line);
                    history.Add(line.Text);
                    return new PromptLine(line.Text, LineEnd.Entered);
                case 'L':
                    _screen.Clear();
                    break;
                case 'P':
                    line.Set(past.Older(line.Text));
                    break;
                case 'N':
                    line.Set(past.Newer(line.Text));
                    break;
                case { } command:
                    Edit(line, command);
                    break;
                default:
                    Insert(line, key);
                    break;
            }

            // The first half of a character is not drawn, nor what is followed by more.
            if (!char.IsHighSurrogate(key.KeyChar) && !keyboard.HasMore)
            {
                _screen.Draw(prompt, line);
            }
        }

        return new PromptLine("", LineEnd.Ended);
    }

    private static void Edit(LineBuffer line, char command)
    {
        switch (command)
        {
            case 'A': line.Home(); break;
            case 'E': line.End(); break;
            case 'B': line.Move(-1); break;
            case 'F': line.Move(1); break;
            case 'H': line.Delete(-1); break;
            case 'D': line.Delete(1); break;
            case 'W': line.DeleteWord(); break;
            case 'U': line.DeleteToHome(); break;
            case 'K': line.DeleteToEnd(); break;
            case '<': line.MoveWord(forward: false); break;
            case '>': line.MoveWord(forward: true); break;
        }
    }

    private static void Insert(LineBuffer line, ConsoleKeyInfo key)
    {
        char c = key.KeyChar == '\t' ? FirstPrintable : key.KeyChar;
        if (!char.IsControl(c) && !key.Modifiers.HasFlag(ConsoleModifiers.Alt))
        {
            line.Insert(c);
        }
    }

    // A key as the letter of readline's control key; < and > are words back and on. Null: it is to be inserted.
    private static char? Control(ConsoleKeyInfo key)
    {
        bool control = key.Modifiers.HasFlag(ConsoleModifiers.Control), alt = key.Modifiers.HasFlag(ConsoleModifiers.Alt);
        return key.Key switch
        {
            ConsoleKey.Enter => 'M',
            ConsoleKey.Backspace => control || alt ? 'W' : 'H',
            ConsoleKey.Delete => 'D',
            ConsoleKey.Home => 'A',
            ConsoleKey.End => 'E',
            ConsoleKey.LeftArrow => control || alt ? '<' : 'B',
            ConsoleKey.RightArrow => control || alt ? '>' : 'F',
            ConsoleKey.UpArrow => 'P',
            ConsoleKey.DownArrow => 'N',
            ConsoleKey.B when alt => '<',
            ConsoleKey.F when alt => '>',
            _ when key.KeyChar is >= '\u0001' and <= '\u001a' and not '\t' => (char)(key.KeyChar + '@'),
            _ => null,
        };
    }
}
