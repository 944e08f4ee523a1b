using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Running;

/// <summary>What a step works with.</summary>
/// <param name="Engine">The engine seam.</param>
/// <param name="Options">All options, valid.</param>
/// <param name="RunId">This run's id.</param>
/// <param name="Clock">Time for columns such as <c>updated_at</c>; never for decisions.</param>
/// <param name="Observer">Told of progress.</param>
/// <param name="Cancellation">Ctrl-C.</param>
public sealed record StepContext(
    IEngine Engine,
    OneRecOptions Options,
    string RunId,
    TimeProvider Clock,
    IRunObserver Observer,
    CancellationToken Cancellation)
{
    /// <summary>The note that a step's commit carries.</summary>
    /// <param name="step">The step.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="complete">False for a commit that is a part of the work.</param>
    public CommitNote Note(IStep step, StepPlan plan, bool complete = true) =>
        new(step.Name, RunId, plan.Fingerprint(step.Name), complete);

    /// <summary>A table's version as an input of a plan: its newest data-changing commit; <c>none</c> where it is not there.</summary>
    public string VersionOf(string table) =>
        Engine.Tables.State(table)?.DataVersion.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none";

    /// <summary>Writes rows in one commit, or ends with exit 4 where somebody else was first.</summary>
    /// <exception cref="OneRecException">Table error <c>table.conflict</c>.</exception>
    public TableVersion Write(IRelation rows, TableWrite write, out long count)
    {
        switch (Engine.Write(rows, write))
        {
            case WriteResult.Committed committed:
                count = committed.Rows;
                return new TableVersion(write.Table.Name, committed.Version);
            case WriteResult.Conflict conflict:
                throw OneRecException.Table(
                    "table.conflict",
                    $"{write.Table.Name}: another process committed version {conflict.Version} first; run the command again");
            default:
                throw new InvalidOperationException("unknown write result");
        }
    }
}
