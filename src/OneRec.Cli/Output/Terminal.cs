namespace OneRec.Cli.Output;

/// <summary>What the command was started with: its streams, its folder and its environment.</summary>
internal sealed record Terminal
{
    /// <summary>Standard input.</summary>
    public required TextReader In { get; init; }

    /// <summary>Standard output: results alone.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error: errors, logs and progress.</summary>
    public required ErrorLines Error { get; init; }

    /// <summary>Whether a person watches standard error, so that bars may be drawn.</summary>
    public bool Watched { get; init; }

    /// <summary>Columns of standard output; 0 where it is no terminal.</summary>
    public int Width { get; init; }

    /// <summary>The working directory.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
