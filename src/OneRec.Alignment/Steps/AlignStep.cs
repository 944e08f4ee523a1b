using OneRec.Inputs.Log;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Pipeline.Steps.Pairs;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Pipeline.Tables;

namespace OneRec.Alignment.Steps;

/// <summary>
/// Trains the model that <c>embed.model=aligned</c> embeds with: items that the same users click come to lie near each other
/// (docs/method/alignment.md).
/// </summary>
public sealed class AlignStep : IStep
{
    private const int Algorithm = 1;
    private const string Pairs = "item_pairs";

    // Pairs per second and thread, measured on games and rounded down.
    private const double QFormerPairsPerSecond = 250;
    private const double LinearPairsPerSecond = 5_000;

    /// <inheritdoc/>
    public StepDescription Description { get; } = new("align", "a model that brings items of the same users together (QFormer)")
    {
        About =
        [
            "A QFormer reads all token vectors of an item and makes one embedding of them. It is trained on item pairs: the two "
            + "items of a pair have to find each other among the items of a batch (contrastive loss), while a small decoder has to "
            + "predict the item's text from what the QFormer keeps (caption loss). The model is exported to ONNX; embed then uses "
            + "it with embed.model=aligned, on either engine.",
            "Users of align.validation, and those of evaluate.holdout, are left out of the training pairs: Swing and pairs are "
            + "then computed anew for the others, without touching a table. The state that finds most pairs of the validation users "
            + "is kept. An interrupted training continues where it was; the result is the same bits with any number of threads.",
            "Training runs in this process, on the CPU. In a whole run, the model of a published codebook is kept until run.retrain.",
        ],
        Inputs = ["input.interactions", "input.tokens", "input.images", "the model folders in embed.inputs"],
        Reads = ["items", Pairs],
        Writes = [new("quality", _ => OneRecTables.Quality())],
        Result = "the newest folder in models",
        Options = OptionSection.Of<AlignOptions>("align"),
        OtherSections = ["embed", "input"],
        Examples =
        [
            ("onerec align --conf conf/movielens.json", "Train the model that embed uses next."),
            ("onerec align --conf my.json --set align.form=linear", "A linear map: a quick comparison."),
        ],
    };

    /// <inheritdoc/>
    public StepPlan Plan(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        OneRecOptions options = context.Options;
        AlignOptions align = options.Section<AlignOptions>();
        var plan = new StepPlan(Algorithm) { Inputs = { context.Pin("items") }, Parameters = align.Parameters() };
        plan.Parameters["seed"] = options.Seed;
        plan.Parameters["blocks"] = EmbedModel.PooledId(options.Section<EmbedOptions>());
        ItemBlocks.Open(context.Engine.Inputs, options, context.Clock).AddTo(plan);
        if (!TrainingPart.IsPart(options))
        {
            plan.Inputs.Add(context.Pin(Pairs));
            return plan;
        }

        // Pairs are made anew, from a part of the log; of the table only the type of ids is read.
        plan.Inputs.Pin(context.Pin(Pairs));
        plan.Inputs.Add("interactions", InteractionLog.Version(context.Engine.Inputs, options.Input));
        plan.Parameters["log"] = InteractionLog.Parameters(options.Input, needsTime: true);
        plan.Parameters["swing"] = ClickSimilarity.Parameters(options);
        plan.Parameters["pairs"] = ItemPairs.Parameters(options);
        EvaluateOptions evaluate = options.Section<EvaluateOptions>();
        plan.Parameters["holdout"] = evaluate.Holdout;
        plan.Parameters["coldItems"] = evaluate.Holdout == "none" ? 0 : evaluate.ColdItems;
        return plan;
    }

    /// <inheritdoc/>
    public string? WhyLeftOut(PlanContext context) => EmbedModel.WhyNotMade(context);

    /// <inheritdoc/>
    public void RequireInputs(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        AlignWork.Require();
        _ = ItemBlocks.Open(context.Engine.Inputs, context.Options, context.Clock);
        if (TrainingPart.IsPart(context.Options))
        {
            LogSplit.RequireTimes(context.Options);
            InteractionLog.Require(context.Engine.Inputs, context.Options.Input, needsTime: true);
        }
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        AlignWork.Require();
        return AlignWork.Run(run);
    }

    /// <inheritdoc/>
    public string? ResultPath(OneRecOptions options) => Newest(options)?.Folder;

    /// <inheritdoc/>
    public string? ResultFingerprint(OneRecOptions options) => Newest(options)?.Fingerprint;

    /// <inheritdoc/>
    public StepEstimate? Estimate(InputCounts counts, OneRecOptions options)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(options);
        if (counts.Edges == 0 || options.Section<EmbedOptions>().Model != EmbedModel.Newest)
        {
            return null;
        }

        AlignOptions align = options.Section<AlignOptions>();
        PairsOptions pairs = options.Section<PairsOptions>();
        long most = (counts.Items * pairs.I2iTopK) + Math.Min(counts.Edges, counts.Users * pairs.TargetsPerUser);
        double seconds = align.Epochs * (double)Math.Min(most, align.MaxPairs ?? long.MaxValue)
            / (options.ThreadCount() * (align.Form == "linear" ? LinearPairsPerSecond : QFormerPairsPerSecond));
        return new StepEstimate(seconds);
    }

    // A folder whose files were changed or lost is no result.
    private static AlignedModel? Newest(OneRecOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return AlignedModel.In(options.Models).FirstOrDefault() is { } model && EmbedModel.IsOf(options.Section<EmbedOptions>(), model)
            ? model
            : null;
    }
}
