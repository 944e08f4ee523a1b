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
    public static IMaterializedRelation Find(IWork run, LogClicks log, Holdout holdout)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(holdout);
        string option = $"evaluate.holdout={run.Options.Section<EvaluateOptions>().Holdout}";
        var split = LogSplit.Of(run, log.Rows, log.Count, holdout, "holdout", withTime: false);
        using IMaterializedRelation training = LogSplit.Similar(run, split.Training, "training part", log.Source, option);
        using IMaterializedRelation heldOut = LogSplit.Similar(run, split.HeldOut, "held-out part", log.Source, option);
        return Beyond(run.Engine, heldOut, training);
    }

    /// <summary>The pairs of similar items of the held-out part that are none of the training part.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="heldOut">Similar items of the held-out part.</param>
    /// <param name="training">Those of the training part.</param>
    internal static IMaterializedRelation Beyond(IQueryEngine engine, IRelation heldOut, IRelation training) => engine.Materialize(engine.Sql(
        SqlScript.Load(typeof(HeldOutPartners), "held_out_partners.sql"), ("held_out", heldOut), ("training", training)));

    /// <summary>The training neighbours of the items that have partners.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="neighbours">Similar items of the training part.</param>
    /// <param name="partners">Rows of <see cref="Beyond"/>.</param>
    internal static IRelation Known(IQueryEngine engine, IRelation neighbours, IRelation partners) => engine.Sql(
        SqlScript.Load(typeof(HeldOutPartners), "known_neighbours.sql"), ("neighbours", neighbours), ("partners", partners));
}
