using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Log;
using OneRec.Kernels.Similarity;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>Makes table <c>item_similarity</c> of the log by Swing (<see cref="SwingKernel"/>).</summary>
public sealed class SwingStep : IInputStep, ISkippable
{
    private const string Table = "item_similarity";

    /// <inheritdoc/>
    public string Name => "swing";

    /// <inheritdoc/>
    public StepPlan Plan(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        JsonObject parameters = ClickSimilarity.Parameters(context.Options);
        parameters["log"] = InteractionLog.Parameters(context.Options.Input, needsTime: false);
        return new StepPlan(Table, 1)
        {
            Inputs = { ["interactions"] = InteractionLog.Version(context.Options.Input) },
            Parameters = parameters,
        };
    }

    /// <inheritdoc/>
    public string? SkipReason(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return InteractionLog.WhyNone(context.Options.Input);
    }

    /// <inheritdoc/>
    public void RequireInputs(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        InteractionLog.Require(context.Options.Input, needsTime: false);
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepContext context, StepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        SwingOptions options = context.Options.Section<SwingOptions>();
        using InteractionLog log = InteractionLog.Open(context.Engine, context.Options.Input, context.Cancellation);
        foreach (string notice in log.Notices)
        {
            context.Observer.Told(Name, notice);
        }

        LogClicks clicks = log.Clicks;
        using ClickSimilarity similarity = ClickSimilarity.Of(context, clicks.Rows) ?? throw OneRecException.Input(
            "swing.empty",
            $"swing: no user of {log.Source} has {options.MinUserItems} to {options.MaxUserItems?.ToString() ?? "any number of"} "
                + "items; change swing.minUserItems or swing.maxUserItems");
        ItemIdType.Require(context.Engine.Tables.State("items"), similarity.ItemType, log.Source);
        IReadOnlyList<Fact> quarantined = Quarantine.Write(context, this, plan, clicks.BadRows);
        SwingWork work = similarity.Work();
        similarity.Require(work, Name);
        TableVersion version = context.Write(
            similarity.Rows(),
            new TableWrite(OneRecTables.ItemSimilarity(similarity.ItemType), new WriteMode.Overwrite(), context.Note(this, plan)),
            out long count);
        return new StepOutcome(
            count,
            [version],
            [
                new Fact("users", Number(work.Users)),
                new Fact("items", Number(work.Items)),
                new Fact("interactions", Number(work.Edges)),
                new Fact("user pairs", Number(work.UserPairs())),
                .. quarantined,
            ])
        {
            Types = new Dictionary<string, string> { ["interactions"] = clicks.Types },
        };
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
