namespace OneRec.Pipeline.Running;

/// <summary>Whether a step is up to date.</summary>
/// <remarks>
/// It is if and only if its newest complete commit in its main table has its fingerprint, or its newest row in <c>runs</c>
/// has the fingerprint and the step has committed nothing to the table since (it found nothing to write), and no other
/// writer has changed the table's data since. A result that is not a table contains the fingerprint itself.
/// </remarks>
/// <param name="IsFresh">Whether it is.</param>
/// <param name="At">The main table as it is; null if there is none.</param>
/// <param name="Notice">Why the step looks again although its plan is that of its last commit; null if that is not so.</param>
internal sealed record StepFreshness(bool IsFresh, TableVersion? At, string? Notice)
{
    /// <summary>Looks at the step's tables and result.</summary>
    /// <param name="step">The step.</param>
    /// <param name="fingerprint">The fingerprint of its plan.</param>
    /// <param name="context">Engine and options.</param>
    /// <param name="runs">Table <c>runs</c>.</param>
    public static StepFreshness Of(IStep step, string fingerprint, PlanContext context, RunsLog runs)
    {
        if (step.Description.Result is not null && step.ResultFingerprint(context.Options) != fingerprint)
        {
            return new StepFreshness(false, null, null);
        }

        if (step.Description.MainTable is not { } table)
        {
            return new StepFreshness(true, null, null);
        }

        ITableStore tables = context.Engine.Tables;
        if (tables.State(table) is not { } state)
        {
            return new StepFreshness(false, null, null);
        }

        var at = new TableVersion(table, state.Version);
        NotedCommit? commit = tables.NewestCommit(table, step.Name);
        long? done = commit is { Note.Complete: true } && commit.Note.Fingerprint == fingerprint ? commit.Version : null;
        RunsLog.Entry? row = runs.Newest(step.Name);
        if (row?.Fingerprint == fingerprint
            && row.Tables.TryGetValue(table, out long version)
            && version <= state.Version
            && (commit is null || commit.Version <= version))
        {
            done = version;
        }

        // What another program changed: what is missing is made again; what cannot be mended is refused by the step.
        return done is { } since && tables.OthersChanged(table, since)
            ? new StepFreshness(false, at, $"another program changed {table} after version {since}; looking at it again")
            : new StepFreshness(done is not null, at, null);
    }
}
