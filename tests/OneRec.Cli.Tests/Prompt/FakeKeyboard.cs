using OneRec.Cli.Output;

namespace OneRec.Cli.Tests.Prompt;

/// <summary>Keys that were typed before the test. Then the terminal is gone.</summary>
internal sealed class FakeKeyboard(int width = 20) : IKeyboard
{
    private readonly Queue<ConsoleKeyInfo> _keys = new();

    public int Width => width;

    /// <summary>Whether keys come as from a person, so that each is drawn.</summary>
    public bool IsTyped { get; init; } = true;

    public bool HasMore => !IsTyped && _keys.Count > 0;

    public ConsoleKeyInfo? Read() => _keys.TryDequeue(out ConsoleKeyInfo key) ? key : null;

    /// <summary>Types text; a line break is Enter, <c>^X</c> is Ctrl-X.</summary>
    public FakeKeyboard Type(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '^')
            {
                char letter = text[++i];
                _keys.Enqueue(new ConsoleKeyInfo((char)(letter - '@'), ConsoleKey.A + (letter - 'A'), shift: false, alt: false, control: true));
            }
            else if (text[i] == '\n')
            {
                Press(ConsoleKey.Enter, '\r');
            }
            else
            {
                _keys.Enqueue(new ConsoleKeyInfo(text[i], default, shift: false, alt: false, control: false));
            }
        }

        return this;
    }

    /// <summary>Presses keys that are no characters.</summary>
    public FakeKeyboard Press(params ConsoleKey[] keys)
    {
        Array.ForEach(keys, k => Press(k, '\0'));
        return this;
    }

    private void Press(ConsoleKey key, char c) => _keys.Enqueue(new ConsoleKeyInfo(c, key, shift: false, alt: false, control: false));
}
