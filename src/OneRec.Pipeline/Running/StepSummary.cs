using OneRec.Core;

namespace OneRec.Pipeline.Running;

/// <summary>The summary of one step.</summary>
/// <param name="Step">The step's name.</param>
/// <param name="UpToDate">True if the step was up to date and committed nothing.</param>
/// <param name="Seconds">Wall time in seconds.</param>
/// <param name="PeakBytes">Peak resident memory of the process up to the end of the step, in bytes.</param>
/// <param name="Rows">Rows written to the main table; 0 if up to date.</param>
/// <param name="Tables">The step's tables with their versions after the step.</param>
/// <param name="Facts">A few short facts for the summary, in order: "users" "671".</param>
public sealed record StepSummary(
    string Step,
    bool UpToDate,
    double Seconds,
    long PeakBytes,
    long Rows,
    IReadOnlyList<TableVersion> Tables,
    IReadOnlyList<Fact> Facts)
{
    /// <summary>Absolute path of a result that is not a table, such as a page; null if there is none.</summary>
    public string? Result { get; init; }

    /// <summary>Bytes that the step read, and those of the data files it committed.</summary>
    public EngineBytes Bytes { get; init; }

    /// <summary>The run whose result is up to date; null if the step did its work.</summary>
    public string? Since { get; init; }

    /// <summary>Why the whole job skipped the step; null if the step took part.</summary>
    public string? LeftOut { get; init; }
}

/// <summary>A table at a version.</summary>
public sealed record TableVersion(string Table, long Version);

/// <summary>The summary of a run.</summary>
/// <param name="RunId">The run's id.</param>
/// <param name="Steps">The steps in the order in which they ran.</param>
/// <param name="Seconds">Total wall time in seconds.</param>
/// <param name="PeakBytes">Peak resident memory of the process in bytes.</param>
public sealed record RunSummary(
    string RunId,
    IReadOnlyList<StepSummary> Steps,
    double Seconds,
    long PeakBytes)
{
    /// <summary>How the engine spent its time, as far as the engine reports it.</summary>
    public IReadOnlyList<TimeShare> Times { get; init; } = [];

    /// <summary>Bytes that the steps read, and those of the data files they committed.</summary>
    public EngineBytes Bytes => Steps.Aggregate(
        new EngineBytes(0, 0), (sum, step) => new EngineBytes(sum.Read + step.Bytes.Read, sum.Written + step.Bytes.Written));

    /// <summary>Small data files that <c>maintain</c> would merge; 0 if the run wrote nothing.</summary>
    public long SmallFiles { get; init; }
}
