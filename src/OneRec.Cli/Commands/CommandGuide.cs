namespace OneRec.Cli.Commands;

/// <summary>The help of a command, for a reader who knows recommender systems but not this program.</summary>
/// <param name="Name">The name on the command line; two words for a subcommand.</param>
/// <param name="Summary">One line.</param>
internal sealed record CommandGuide(string Name, string Summary)
{
    /// <summary>The usage after the name, such as <c>[options]</c>.</summary>
    public string Usage { get; init; } = "[options]";

    /// <summary>Paragraphs that describe it.</summary>
    public IReadOnlyList<string> About { get; init; } = [];

    /// <summary>Words that an option takes, under a title, each with its meaning.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<(string Word, string Meaning)> Words)> Words { get; init; } = [];

    /// <summary>What it reads; empty for nothing.</summary>
    public string Reads { get; init; } = "";

    /// <summary>What it writes; empty for nothing.</summary>
    public string Writes { get; init; } = "";

    /// <summary>Sections of the configuration whose options help lists; an empty name is the root.</summary>
    public IReadOnlyList<string> Sections { get; init; } = [];

    /// <summary>Example command lines, each with what it does.</summary>
    public IReadOnlyList<(string Line, string Why)> Examples { get; init; } = [];

    /// <summary>Whether it is omitted from the list of commands.</summary>
    public bool Hidden { get; init; }
}
