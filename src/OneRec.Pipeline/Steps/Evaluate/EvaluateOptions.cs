using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>Section <c>evaluate</c>: how IDs are measured.</summary>
public sealed record EvaluateOptions : IOptionSection
{
    /// <summary>
    /// Part of the log to hold out for evaluation: IDs are judged by item pairs that are Swing neighbours in the
    /// held-out part but not in the rest. The tables still use the whole log. <c>users:0.1</c> holds out a tenth of the
    /// users (by hash), <c>time:0.1</c> the last tenth of the interactions. See docs/method/swing-and-pairs.md.
    /// </summary>
    /// <value>
    /// <c>none</c>, <c>users:SHARE</c> or <c>time:SHARE</c>, with SHARE above 0 and below 1. Default <c>none</c>.
    /// </value>
    public string Holdout { get; init; } = "none";

    /// <summary>
    /// Share of items, by hash, whose pairs <c>align</c> does not learn from, so that <c>compare</c> can judge how well the model
    /// embeds items without a history. Used only with <c>evaluate.holdout</c>.
    /// </summary>
    /// <value>0 to 0.5. Default 0.</value>
    public double ColdItems { get; init; }

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Require(Evaluate.Holdout.TryParse(Holdout, out _), "evaluate.holdout", Evaluate.Holdout.Rule, Holdout);
        problems.Require(ColdItems is >= 0 and <= 0.5, "evaluate.coldItems", "must be 0 to 0.5", ColdItems);
    }

    /// <summary>The parsed holdout; null if nothing is held out.</summary>
    internal Holdout? ParseHoldout() => Evaluate.Holdout.TryParse(Holdout, out Holdout? holdout) ? holdout : null;
}
