using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Inputs.Log;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Swing;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>
/// Held-out partners of items: pairs that are Swing neighbours in the held-out part of the log but not in the training
/// part (docs/method/swing-and-pairs.md, "Holdout"). Swing is computed for both parts in scratch; no table is written.
/// </summary>
public static class HeldOutPartners
{
    /// <summary>Everything the partners depend on, as plan parameters.</summary>
    public static JsonObject Parameters(OneRecOptions options, Holdout holdout)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(holdout);
        return new JsonObject
        {
            ["by"] = holdout.By.ToString(),
            ["millionths"] = holdout.Millionths,
            ["seed"] = holdout.By == HoldoutBy.Users ? options.Seed : null,
            ["log"] = InteractionLog.Parameters(options.Input, NeedsTime(holdout)),
            ["swing"] = ClickSimilarity.Parameters(options),
        };
    }

    /// <summary>Whether the split needs the log's times.</summary>
    public static bool NeedsTime(Holdout holdout)
    {
        ArgumentNullException.ThrowIfNull(holdout);
        return holdout.By == HoldoutBy.Time;
    }

    /// <summary>Finds the partners.</summary>
    /// <param name="run">Engine and options.</param>
    /// <param name="log">The log, with times where <see cref="NeedsTime"/> says so.</param>
    /// <param name="holdout">Which part.</param>
    /// <returns>Rows <c>item_id</c>, <c>similar_item_id</c>; maybe none.</returns>
    /// <exception cref="OneRecException">
    /// A part of the log has no interaction that Swing can use (exit 3), or is too much work for Swing (exit 2).
    /// </exception>
    public static IMaterializedRelation Find(StepRun run, LogClicks log, Holdout holdout)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(holdout);
        SqlScript split = Split(run, log, holdout);
        using IMaterializedRelation training = Similar(run, log, split.With("held_out", 0), "training part");
        using IMaterializedRelation heldOut = Similar(run, log, split.With("held_out", 1), "held-out part");
        return run.Engine.Materialize(run.Engine.Sql(
            SqlScript.Load(typeof(HeldOutPartners), "held_out_partners.sql"), ("held_out", heldOut), ("training", training)));
    }

    private static SqlScript Split(StepRun run, LogClicks log, Holdout holdout)
    {
        if (holdout.By == HoldoutBy.Users)
        {
            return SqlScript.Load(typeof(HeldOutPartners), "holdout_users.sql").With("seed", run.Options.Seed).With("below", holdout.HashBelow());
        }

        SqlScript script = SqlScript.Load(typeof(HeldOutPartners), "holdout_cut.sql").With("earlier", holdout.Earlier(log.Count));
        long cut = (long)RowReader.Read(run.Engine.Collect(run.Engine.Sql(script, ("clicks", log.Rows))))[0][0]!;
        run.Report(string.Create(
            CultureInfo.InvariantCulture, $"held out: interactions after {DateTime.UnixEpoch.AddMicroseconds(cut):yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'}"));
        return SqlScript.Load(typeof(HeldOutPartners), "holdout_times.sql").With("cut", cut);
    }

    private static IMaterializedRelation Similar(StepRun run, LogClicks log, SqlScript part, string name)
    {
        using ClickSimilarity similarity = ClickSimilarity.Prepare(run, run.Engine.Sql(part, ("clicks", log.Rows)))
            ?? throw OneRecException.Input(
                "evaluate.holdout",
                $"evaluate.holdout={run.Options.Section<EvaluateOptions>().Holdout}: the {name} of {log.Source} has no interaction that swing "
                    + "can use; set another share, or evaluate.holdout=none");
        similarity.CheckWork(similarity.Work(), name + ": ");
        return run.Engine.Materialize(similarity.Rows());
    }
}
