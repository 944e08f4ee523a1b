using OneRec.Core;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Running;

/// <summary>
/// Refuses to run without table <c>published</c> if table <c>runs</c> says that a codebook was published: the run would
/// train and publish another one, and all published IDs would change.
/// </summary>
internal static class LostPublication
{
    private const string Table = "published";

    /// <summary>Checks before the steps of a run. A run that only publishes is a cure and passes, as does <c>run.retrain</c>.</summary>
    /// <param name="context">The context of the run.</param>
    /// <param name="log">Table <c>runs</c>.</param>
    /// <param name="steps">The steps to run.</param>
    /// <exception cref="OneRecException">Table error <c>published.lost</c> (exit 4).</exception>
    public static void Refuse(PlanContext context, RunsLog log, IReadOnlyList<IStep> steps)
    {
        if (context.Options.Run.Retrain
            || !steps.Any(UsesCodebooks)
            || steps.All(s => s.Description.MainTable == Table)
            || context.Engine.Tables.State(Table) is not null
            || log.NewestOf(Table) is not { } lost)
        {
            return;
        }

        string codebook = lost.Facts.GetValueOrDefault("codebook", "ID");
        throw OneRecException.Table(
            "published.lost",
            $"{Table}: the table does not exist, but run {lost.RunId} published codebook {codebook}; restore the table, or run "
                + $"'onerec publish --set codebook={codebook}' to publish that codebook again, or set run.retrain=true to train "
                + "another one");
    }

    private static bool UsesCodebooks(IStep step) =>
        step.Description.MainTable == CodebookChoice.Table || step.Description.Reads.Contains(CodebookChoice.Table, StringComparer.Ordinal);
}
