using Apache.Arrow.Types;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Running;

/// <summary>The description of a step.</summary>
/// <param name="Name">Name of the step on the command line and in the tables.</param>
/// <param name="Summary">One line for the list of commands.</param>
public sealed record StepDescription(string Name, string Summary)
{
    /// <summary>Paragraphs of the help text.</summary>
    public IReadOnlyList<string> About { get; init; } = [];

    /// <summary>Example command lines, each with what it does.</summary>
    public IReadOnlyList<(string Line, string Why)> Examples { get; init; } = [];

    /// <summary>The option section that the step defines; null if it has none.</summary>
    public OptionSection? Options { get; init; }

    /// <summary>Flags of the step's command, each of which sets an option.</summary>
    public IReadOnlyList<StepFlag> Flags { get; init; } = [];

    /// <summary>Other option sections to list in help, such as <c>input</c>.</summary>
    public IReadOnlyList<string> OtherSections { get; init; } = [];

    /// <summary>The user's files and models that the step reads, by option name.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Tables that the step reads.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>Steps whose result, not a table, the step reads, such as a model.</summary>
    public IReadOnlyList<string> ReadsResultsOf { get; init; } = [];

    /// <summary>Whether the whole job has no such step: it runs by name only, and has no state in which it is up to date.</summary>
    public bool ByNameOnly { get; init; }

    /// <summary>Whether several processes may run the step at once, and beside a run.</summary>
    public bool IsShared { get; init; }

    /// <summary>Tables that the step writes. The main table is first: its commit marks the step as done.</summary>
    public IReadOnlyList<StepTable> Writes { get; init; } = [];

    /// <summary>
    /// A result that is not a table, as named in help, such as <c>the page report.path</c>; null if there is none.
    /// </summary>
    public string? Result { get; init; }

    /// <summary>The main table; null if the step's result is not a table.</summary>
    public string? MainTable => Writes.Count == 0 ? null : Writes[0].Name;
}

/// <summary>A flag of a step's command.</summary>
/// <param name="Name">Such as <c>--rollback</c>.</param>
/// <param name="Key">The option that it sets.</param>
/// <param name="Summary">One sentence for help.</param>
/// <param name="Value">What its value is called in help, such as <c>SLICE</c>; null: it has none and sets the option to true.</param>
public sealed record StepFlag(string Name, string Key, string Summary, string? Value = null);

/// <summary>A table that a step writes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Definition">Its columns, given the type of item ids.</param>
public sealed record StepTable(string Name, Func<IArrowType, TableDefinition> Definition);
