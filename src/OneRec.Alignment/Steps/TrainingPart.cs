using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Sources;
using OneRec.Inputs.Log;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Pipeline.Steps.Pairs;

namespace OneRec.Alignment.Steps;

/// <summary>
/// The pairs to learn from, made of the log without held-out and validation users; and the partners of the validation users'
/// items, which the training pairs do not have.
/// </summary>
internal sealed class TrainingPart : IDisposable
{
    private const string Purpose = "align";

    private readonly List<IDisposable> _scratch = [];

    private TrainingPart(IRelation pairs) => Pairs = pairs;

    /// <summary>Rows of table <c>item_pairs</c>, of the training part.</summary>
    public IRelation Pairs { get; }

    /// <summary>Swing neighbours of the training part; null without validation.</summary>
    public IRelation? Neighbours { get; private init; }

    /// <summary>Swing neighbours of the validation users that are none of the training part; null without validation.</summary>
    public IRelation? Partners { get; private init; }

    /// <summary>Whether the options leave any part of the log out.</summary>
    public static bool IsPart(OneRecOptions options) =>
        options.Section<EvaluateOptions>().ParseHoldout() is not null || options.Section<AlignOptions>().ParseValidation() is not null;

    /// <summary>Reads or makes the pairs.</summary>
    /// <param name="run">Engine, options, log and table <c>item_pairs</c>.</param>
    /// <param name="id">The type of <c>item_id</c> in <c>items</c>.</param>
    /// <exception cref="OneRecException">The log has ids of another type, or a part has nothing that Swing can use.</exception>
    public static TrainingPart Read(StepRun run, IArrowType id)
    {
        if (!IsPart(run.Options))
        {
            return new TrainingPart(run.Input("item_pairs").Require("pairs").Rows);
        }

        string holdoutOption = run.Options.Section<EvaluateOptions>().Holdout;
        AlignOptions options = run.Options.Section<AlignOptions>();
        LogClicks log = run.Sources.Clicks(needsTime: true);
        ItemIds.RequireAlike(log.ItemIds, run.Input("items").State);
        IRelation clicks = log.Rows;
        string option = $"evaluate.holdout={holdoutOption}";
        if (run.Options.Section<EvaluateOptions>().ParseHoldout() is { } holdout)
        {
            clicks = LogSplit.Of(run, clicks, log.Count, holdout, "holdout", withTime: true).Training;
        }

        IRelation? validation = null;
        if (options.ParseValidation() is { } users)
        {
            option = $"align.validation={options.Validation}";
            var split = LogSplit.Of(run, clicks, log.Count, users, Purpose, withTime: true);
            (clicks, validation) = (split.Training, split.HeldOut);
        }

        IMaterializedRelation similarity = LogSplit.Similar(run, clicks, "training part", log.Source, option);
        var pairs = ItemPairs.Make(run, clicks, log.HasTimes, similarity, id);
        var part = new TrainingPart(WarmPairs.Of(run, pairs.Rows))
        {
            Neighbours = validation is null ? null : similarity,
            Partners = validation is null ? null : PartnersOf(run, validation, similarity, log.Source, option),
        };
        part._scratch.AddRange([pairs, similarity]);
        return part;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (Partners as IDisposable)?.Dispose();
        _scratch.ForEach(s => s.Dispose());
    }

    private static IMaterializedRelation PartnersOf(StepRun run, IRelation validation, IRelation similarity, string source, string option)
    {
        using IMaterializedRelation own = LogSplit.Similar(run, validation, "validation part", source, option);
        return HeldOutPartners.Beyond(run.Engine, own, similarity);
    }
}
