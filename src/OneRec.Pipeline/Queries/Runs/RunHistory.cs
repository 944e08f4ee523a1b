using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Queries.Runs;

/// <summary>A run, as tables and journal tell it.</summary>
internal sealed class RunHistory
{
    private const int Interrupted = 130;

    private readonly List<RunEvent> _events = [];

    /// <summary>The steps that ended, old to new.</summary>
    public IReadOnlyList<RunEvent> Events => _events;

    /// <summary>The entry of a process that works on it, or was killed; null if there is none.</summary>
    public RunEntry? Entry { get; private set; }

    /// <summary>When something of it ended last; for a run at work, when its step started.</summary>
    public DateTimeOffset LastAt => Entry?.StepEndedAt ?? Entry?.StepStartedAt ?? _events[^1].At;

    /// <summary>What came of it.</summary>
    public RunOutcome Outcome => Entry switch
    {
        { Failure: { } failure } => Of(failure),
        { } entry when entry.Holder.HasEnded() => RunOutcome.Killed,
        { } entry => entry.Holder.Host == ProcessMark.Self.Host ? RunOutcome.Running : RunOutcome.Unknown,
        null => _events[^1].Failure is { } failure ? Of(failure) : RunOutcome.Done,
    };

    /// <summary>The step at which it failed, or is; null if it is done.</summary>
    public string? At => Entry?.Step ?? (_events[^1].Failure is null ? null : _events[^1].Step);

    /// <summary>What it failed of, or where it works; null if it is done.</summary>
    public string? Message => Entry switch
    {
        { Failure: { } failure } => failure.Message,
        { } entry => $"process {entry.Holder.Process} on {entry.Holder.Host}",
        null => _events[^1].Failure?.Message,
    };

    /// <summary>Adds a step that ended.</summary>
    public void Add(RunEvent step)
    {
        _events.Add(step);
        _events.Sort((a, b) => a.At.CompareTo(b.At));
    }

    /// <summary>Adds an entry of the journal: the newest counts, and one that works before one that was killed.</summary>
    public void Add(RunEntry entry)
    {
        if (Entry is null || (Rank(entry), entry.StepStartedAt).CompareTo((Rank(Entry), Entry.StepStartedAt)) > 0)
        {
            Entry = entry;
        }
    }

    private static RunOutcome Of(FailureNote failure) => failure.ExitCode == Interrupted ? RunOutcome.Interrupted : RunOutcome.Failed;

    private static int Rank(RunEntry entry) => entry.Failure is null && !entry.Holder.HasEnded() ? 1 : 0;
}

/// <summary>A step of a run that ended.</summary>
/// <param name="Step">The step.</param>
/// <param name="At">When.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record RunEvent(string Step, DateTimeOffset At, double Seconds)
{
    /// <summary>Rows written to its main table; null if it failed.</summary>
    public long? Rows { get; init; }

    /// <summary>Its tables with their versions; null if it failed.</summary>
    public string? Tables { get; init; }

    /// <summary>What it failed of; null if it did not.</summary>
    public FailureNote? Failure { get; init; }
}

/// <summary>What came of a run.</summary>
internal enum RunOutcome
{
    /// <summary>All that it did is in the tables.</summary>
    Done,

    /// <summary>A step ended with an error.</summary>
    Failed,

    /// <summary>It was told to stop.</summary>
    Interrupted,

    /// <summary>Its process is gone and told nothing: it was killed, or the machine went down.</summary>
    Killed,

    /// <summary>It is at work.</summary>
    Running,

    /// <summary>It is at work on another machine, or was killed there.</summary>
    Unknown,
}
