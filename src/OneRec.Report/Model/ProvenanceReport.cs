namespace OneRec.Report.Model;

/// <summary>The provenance of the results: everything needed to reproduce them.</summary>
/// <param name="Tables">The tables that were read, with their versions.</param>
/// <param name="Steps">The latest run of each step, in time order.</param>
public sealed record ProvenanceReport(IReadOnlyList<TableReport> Tables, IReadOnlyList<StepReport> Steps);

/// <summary>One step as recorded in table <c>runs</c>.</summary>
/// <param name="Step">The step's name.</param>
/// <param name="RunId">The latest run in which the step was not up to date.</param>
/// <param name="Rows">Rows written.</param>
/// <param name="Seconds">Wall time in seconds.</param>
/// <param name="FinishedAt">Time when the step finished, UTC.</param>
/// <param name="CodeVersion">Version of the program.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Fingerprint">Hash of inputs, parameters, seed and algorithm.</param>
/// <param name="Inputs">Version or hash of each input, by name.</param>
/// <param name="Parameters">Parameters that change rows, by key, as JSON text.</param>
public sealed record StepReport(
    string Step,
    string RunId,
    long Rows,
    double Seconds,
    DateTimeOffset FinishedAt,
    string CodeVersion,
    long Seed,
    string Fingerprint,
    IReadOnlyList<KeyValuePair<string, string>> Inputs,
    IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    /// <summary>Facts reported by the step, in order: what it used, and what it dropped and why.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];
}

/// <summary>A table at the version that the page shows.</summary>
/// <param name="Name">The table's name: its folder under <c>tables</c>.</param>
/// <param name="Version">The newest version that changed data; null if the table does not exist.</param>
public sealed record TableReport(string Name, long? Version);
