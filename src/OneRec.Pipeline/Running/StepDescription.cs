using Apache.Arrow.Types;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Running;

/// <summary>What a step says of itself.</summary>
/// <param name="Name">Its name on the command line and in the tables.</param>
/// <param name="Summary">One line for the list of commands.</param>
public sealed record StepDescription(string Name, string Summary)
{
    /// <summary>Paragraphs of help.</summary>
    public IReadOnlyList<string> About { get; init; } = [];

    /// <summary>Command lines, each with what it does.</summary>
    public IReadOnlyList<(string Line, string Why)> Examples { get; init; } = [];

    /// <summary>The section of options that the step brings; null where it has none.</summary>
    public OptionSection? Options { get; init; }

    /// <summary>Other sections that help lists: <c>input</c>, those of other steps.</summary>
    public IReadOnlyList<string> OtherSections { get; init; } = [];

    /// <summary>The user's files and models that it reads, as options name them.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Tables that it reads.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>Tables that it writes, the main one first: its commit says that the step is done.</summary>
    public IReadOnlyList<StepTable> Writes { get; init; } = [];

    /// <summary>A result that is no table, as help names it: <c>the page report.path</c>; null where there is none.</summary>
    public string? Result { get; init; }

    /// <summary>The main table; null where the step's result is no table.</summary>
    public string? MainTable => Writes.Count == 0 ? null : Writes[0].Name;
}

/// <summary>A table that a step writes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Definition">Its columns, for a type of item ids.</param>
public sealed record StepTable(string Name, Func<IArrowType, TableDefinition> Definition);
