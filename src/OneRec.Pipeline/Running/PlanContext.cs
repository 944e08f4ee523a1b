using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Running;

/// <summary>The context in which a step plans.</summary>
/// <param name="Engine">The engine, to read newest versions and rows of small tables.</param>
/// <param name="Options">All options, validated.</param>
/// <param name="Clock">The clock, for reading the logs of external tables.</param>
/// <param name="Cancellation">Ctrl-C.</param>
public sealed record PlanContext(IEngine Engine, OneRecOptions Options, TimeProvider Clock, CancellationToken Cancellation)
{
    /// <summary>The codebook trained in this run; null if none was. Later steps of the run use it.</summary>
    public string? TrainedCodebook { get; init; }

    /// <summary>Table <c>runs</c> as written so far; null outside of a run.</summary>
    public RunsLog? Runs { get; init; }

    /// <summary>
    /// The codebook selected by the options. In a run that trained a codebook, <c>current</c> is the new one.
    /// </summary>
    /// <exception cref="Core.OneRecException">There is no codebook, or none with that id (exit 2 or 4).</exception>
    public Codebook Codebook() => CodebookChoice.Resolve(
        Engine, Options.Codebook == "current" ? TrainedCodebook ?? Options.Codebook : Options.Codebook);

    /// <summary>Pins a table at its newest state, for use in a plan.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="madeBy">A step whose newest commit is pinned as well; null for none.</param>
    public TableInput Pin(string table, string? madeBy = null) => new(
        table, Engine.Tables.State(table), madeBy is null ? null : Engine.Tables.NewestCommit(table, madeBy));

    /// <summary>Checks the inputs of all steps of a whole job that it does not leave out.</summary>
    /// <exception cref="Core.OneRecException">The error that a step would end with.</exception>
    public void RequireInputs(IEnumerable<IStep> steps)
    {
        foreach (IStep step in steps.Where(step => step.WhyLeftOut(this) is null))
        {
            step.RequireInputs(this);
        }
    }

    /// <summary>A hash of the newest rows of <c>runs</c>, without those of one step.</summary>
    public string RunsWithout(string step) => Runs?.IdentityWithout(step) ?? "none";
}
