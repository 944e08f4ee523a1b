namespace OneRec.Cli.Output;

/// <summary>The keyboard of a terminal.</summary>
internal interface IKeyboard
{
    /// <summary>Columns of the screen, at least 1.</summary>
    int Width { get; }

    /// <summary>Whether more keys were typed or pasted already, so that the screen need not be drawn yet.</summary>
    bool HasMore { get; }

    /// <summary>Waits for a key, which is not shown. Ctrl-C is a key like others.</summary>
    /// <returns>Null if the terminal is gone.</returns>
    ConsoleKeyInfo? Read();
}
