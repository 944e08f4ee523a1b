using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>Section <c>evaluate</c>: how IDs are measured.</summary>
public sealed record EvaluateOptions : IOptionSection
{
    /// <summary>
    /// The part of the log that is held out to judge IDs by: items that Swing calls similar there and not in the rest.
    /// Tables stay those of the whole log. <c>users:0.1</c> holds out a tenth of the users (by hash), <c>time:0.1</c> the
    /// last tenth of the interactions. See docs/method/swing-and-pairs.md.
    /// </summary>
    /// <value><c>none</c>, <c>users:SHARE</c> or <c>time:SHARE</c>, above 0 and below 1. Default <c>none</c>.</value>
    public string Holdout { get; init; } = "none";

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Require(Evaluate.Holdout.TryParse(Holdout, out _), "evaluate.holdout", Evaluate.Holdout.Rule, Holdout);
    }

    /// <summary>The holdout; null where there is none.</summary>
    internal Holdout? ParseHoldout() => Evaluate.Holdout.TryParse(Holdout, out Holdout? holdout) ? holdout : null;
}
