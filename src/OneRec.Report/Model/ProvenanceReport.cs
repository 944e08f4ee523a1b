using OneRec.Pipeline.Running;

namespace OneRec.Report.Model;

/// <summary>Where the numbers come from: enough to make them again.</summary>
/// <param name="Tables">Tables read, with the version that was read.</param>
/// <param name="Steps">For each step of the job the newest time it ran, in order of time.</param>
public sealed record ProvenanceReport(IReadOnlyList<TableReport> Tables, IReadOnlyList<StepReport> Steps);

/// <summary>One step as <c>runs</c> tells it.</summary>
/// <param name="Step">Its name.</param>
/// <param name="RunId">The run in which it last had something to do.</param>
/// <param name="Rows">Rows it wrote.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="FinishedAt">When it ended, UTC.</param>
/// <param name="CodeVersion">Version of the program that ran it.</param>
/// <param name="Seed">Seed of its choices.</param>
/// <param name="Fingerprint">Hash of inputs, parameters, seed and algorithm.</param>
/// <param name="Inputs">Inputs with their version or hash, by name.</param>
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
    /// <summary>What the step told of its work, in its order: what it used, what it dropped and why.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];
}

/// <summary>A table at the version that the page was made from.</summary>
/// <param name="Name">Its folder under <c>tables</c>.</param>
/// <param name="Version">Its newest version that changed data; null where the table is not there.</param>
public sealed record TableReport(string Name, long? Version);
