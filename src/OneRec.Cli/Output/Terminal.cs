namespace OneRec.Cli.Output;

/// <summary>The streams, working directory and environment that a command was started with.</summary>
internal sealed record Terminal
{
    /// <summary>Standard input.</summary>
    public required TextReader In { get; init; }

    /// <summary>Standard output: only results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error: errors, logs and progress.</summary>
    public required ErrorLines Error { get; init; }

    /// <summary>Whether standard error is an interactive terminal, so that bars can be drawn.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Columns of standard output; 0 if it is not a terminal.</summary>
    public int Width { get; init; }

    /// <summary>The keyboard, if standard input and output are an interactive terminal; else null.</summary>
    public IKeyboard? Keyboard { get; init; }

    /// <summary>Asks a function at each Ctrl-C first, until what it returns is disposed. False: the command is to end as ever.</summary>
    public Func<Func<bool>, IDisposable?> OnInterrupt { get; init; } = _ => null;

    /// <summary>The working directory.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
