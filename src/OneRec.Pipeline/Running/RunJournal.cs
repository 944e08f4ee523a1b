using System.Text.Json;
using OneRec.Core;

namespace OneRec.Pipeline.Running;

/// <summary>
/// The entry of a run while it works, a checkpoint beside the tables: it is removed at the end, so that one that is left tells
/// of a run that was killed, and where.
/// </summary>
/// <param name="store">Where entries are.</param>
/// <param name="runId">The run.</param>
/// <param name="clock">Time.</param>
internal sealed class RunJournal(ICheckpoints store, string runId, TimeProvider clock)
{
    private const string Work = "runs";

    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly string _name = Name(runId, ProcessMark.Self);
    private RunEntry? _entry;

    /// <summary>Whether a step has begun to work.</summary>
    public bool HasBegun => _entry is not null;

    /// <summary>A step begins to work.</summary>
    /// <exception cref="OneRecException">The entry cannot be written (exit 5).</exception>
    public void Enter(string step)
    {
        if (!HasBegun)
        {
            // The same run, tried again: what is left of the processes before is told by this one.
            foreach (RunEntry left in Read(store).Where(e => e.RunId == runId && e.Holder.HasEnded()))
            {
                Remove(store, left);
            }
        }

        _entry = new RunEntry(runId, step, _start, clock.GetUtcNow(), ProcessMark.Self);
        Save();
    }

    /// <summary>The step failed.</summary>
    /// <exception cref="OneRecException">The entry cannot be written (exit 5).</exception>
    public void Fail(FailureNote note)
    {
        if (_entry is not null)
        {
            _entry = _entry with { Failure = note, StepEndedAt = clock.GetUtcNow() };
            Save();
        }
    }

    /// <summary>The run ended, and what came of it is in the tables.</summary>
    public void End()
    {
        if (HasBegun)
        {
            store.Remove(Work, _name);
        }
    }

    private void Save() => store.Save(Work, _name, JsonSerializer.SerializeToUtf8Bytes(_entry));

    /// <summary>The entries of runs that have not ended, or were killed.</summary>
    public static IReadOnlyList<RunEntry> Read(ICheckpoints store) =>
        [.. store.Names(Work).Select(name => store.Load(Work, name)).OfType<byte[]>().Select(Parse).OfType<RunEntry>()];

    /// <summary>Removes the entry of a run that was killed.</summary>
    public static void Remove(ICheckpoints store, RunEntry entry) => store.Remove(Work, Name(entry.RunId, entry.Holder));

    // An id of a run may be any text.
    private static string Name(string runId, ProcessMark holder) =>
        $"{StableHash.Sha256($"{runId}\n{holder.Host}\n{holder.Process}\n{holder.Started:O}")[..32]}.json";

    // One that cannot be read was cut off by a crash of the machine.
    private static RunEntry? Parse(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<RunEntry>(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A run at work, or killed at work.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Step">The step that it is at.</param>
/// <param name="StartedAt">When the run started.</param>
/// <param name="StepStartedAt">When the step started.</param>
/// <param name="Holder">The process.</param>
internal sealed record RunEntry(string RunId, string Step, DateTimeOffset StartedAt, DateTimeOffset StepStartedAt, ProcessMark Holder)
{
    /// <summary>What the step failed of, where that could not be written to table <c>failures</c>; null: it works, or was killed.</summary>
    public FailureNote? Failure { get; init; }

    /// <summary>When it failed.</summary>
    public DateTimeOffset? StepEndedAt { get; init; }
}
