namespace OneRec.Cli.Commands;

/// <summary>What help says of a command, for someone who knows recommender systems and has not seen this program.</summary>
/// <param name="Name">Its word.</param>
/// <param name="Summary">One line.</param>
internal sealed record CommandGuide(string Name, string Summary)
{
    /// <summary>What comes after the name: <c>[options]</c>.</summary>
    public string Usage { get; init; } = "[options]";

    /// <summary>Paragraphs.</summary>
    public IReadOnlyList<string> About { get; init; } = [];

    /// <summary>What it reads; empty for nothing.</summary>
    public string Reads { get; init; } = "";

    /// <summary>What it writes; empty for nothing.</summary>
    public string Writes { get; init; } = "";

    /// <summary>Sections of the configuration whose options are listed; an empty name is the root.</summary>
    public IReadOnlyList<string> Sections { get; init; } = [];

    /// <summary>Command lines, each with what it does.</summary>
    public IReadOnlyList<(string Line, string Why)> Examples { get; init; } = [];

    /// <summary>Whether the list of commands leaves it out.</summary>
    public bool Hidden { get; init; }
}
