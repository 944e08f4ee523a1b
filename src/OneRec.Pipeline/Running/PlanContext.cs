using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Running;

/// <summary>What a step plans with.</summary>
/// <param name="Engine">The engine: newest versions, and rows of small tables.</param>
/// <param name="Options">All options, valid.</param>
/// <param name="Clock">Time, for readers of other tables' logs.</param>
/// <param name="Cancellation">Ctrl-C.</param>
public sealed record PlanContext(IEngine Engine, OneRecOptions Options, TimeProvider Clock, CancellationToken Cancellation)
{
    /// <summary>The codebook that a step of this run made; null where none did. Later steps of the run work on it.</summary>
    public string? TrainedCodebook { get; init; }

    /// <summary>Table <c>runs</c> as far as it is written; null where nothing runs.</summary>
    public RunsLog? Runs { get; init; }

    /// <summary>The codebook that the options name; in a run that trained one, <c>current</c> is that one.</summary>
    /// <exception cref="Core.OneRecException">None is there, or none has that id (exit 2 or 4).</exception>
    public Codebook Codebook() => CodebookChoice.Resolve(
        Engine, Options.Codebook == "current" ? TrainedCodebook ?? Options.Codebook : Options.Codebook);

    /// <summary>A table at its newest state, to be named in a plan.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="madeBy">A step whose newest commit is to be pinned with it; null for none.</param>
    public TableInput Pin(string table, string? madeBy = null) => new(
        table, Engine.Tables.State(table), madeBy is null ? null : Engine.Tables.NewestCommit(table, madeBy));

    /// <summary>What identifies the newest rows of <c>runs</c>, those of one step left out.</summary>
    public string RunsWithout(string step) => Runs?.IdentityWithout(step) ?? "none";
}
