using System.Text.Json.Nodes;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Log;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;
using OneRec.Kernels.Similarity;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>Computes table <c>item_similarity</c> from the log with Swing (<see cref="SwingKernel"/>).</summary>
public sealed class SwingStep : IStep
{
    private const string Table = "item_similarity";
    private const double RowsPerSecond = 500_000;

    // Bytes of a table row in Parquet.
    private const long RowBytes = 20;

    /// <inheritdoc/>
    public StepDescription Description { get; } = new("swing", "item-to-item similarity by Swing, from the log")
    {
        About =
        [
            "Two items are similar if many pairs of users clicked both and these users have little else in common. "
            + "For each item the topK most similar items are kept, with score, rank and the number of common users. "
            + "Scores are exact and do not depend on the number of threads.",
            "The number of user pairs is reported before the work starts; above swing.maxUserPairs, the step stops and suggests "
            + "a cap that fits.",
        ],
        Inputs = ["input.interactions (user, item, time; rows selected by input.where)"],
        Reads = ["items"],
        Writes = [new(Table, OneRecTables.ItemSimilarity), new("quarantine", _ => OneRecTables.Quarantine())],
        Options = OptionSection.Of<SwingOptions>("swing"),
        OtherSections = ["input"],
        Examples =
        [
            ("onerec swing --conf conf/movielens.json --set swing.topK=50", "Keep fewer neighbours per item."),
            ("onerec swing --conf my.json --set swing.maxItemUsers=500", "Cap the users of the most popular items."),
        ],
    };

    /// <inheritdoc/>
    public StepPlan Plan(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        JsonObject parameters = ClickSimilarity.Parameters(context.Options);
        parameters["log"] = InteractionLog.Parameters(context.Options.Input, needsTime: false);
        var plan = new StepPlan(1)
        {
            Inputs = { { "interactions", InteractionLog.Version(context.Engine.Inputs, context.Options.Input) } },
            Parameters = parameters,
        };

        // Only the type of the ids is read: the rows do not depend on the version of items.
        plan.Inputs.Pin(context.Pin("items"));
        return plan;
    }

    /// <inheritdoc/>
    public string? WhyLeftOut(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return InteractionLog.WhyMissing(context.Options.Input);
    }

    /// <inheritdoc/>
    public void RequireInputs(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IInputStore store = context.Engine.Inputs;
        InputOptions input = context.Options.Input;

        // Ids are compared before ingest writes table items with a type that the log has not.
        InteractionLog.Require(
            store, input, needsTime: false, () => ItemCatalogue.FirstIds(store, input, context.Options.Section<IngestOptions>().Version));
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        SwingOptions options = run.Options.Section<SwingOptions>();
        LogClicks clicks = run.Sources.Clicks(needsTime: false);
        foreach (string notice in run.Sources.LogNotices)
        {
            run.Report(notice);
        }

        using ClickSimilarity similarity = ClickSimilarity.Prepare(run, clicks.Rows) ?? throw OneRecException.Input(
            "swing.empty",
            $"swing: no user of {clicks.Source} has {options.MinUserItems} to {options.MaxUserItems?.ToString() ?? "any number of"} "
                + "items; change swing.minUserItems or swing.maxUserItems");
        ItemIds.RequireAlike(clicks.ItemIds, run.Input("items").State);
        IReadOnlyList<Fact> quarantined = Quarantine.Write(run, clicks.BadRows);
        SwingWork work = similarity.Work();
        ReportUnknown(run, similarity, work);
        similarity.CheckWork(work);
        TableVersion version = run.Write(
            similarity.Rows(),
            new TableWrite(OneRecTables.ItemSimilarity(similarity.ItemType), new WriteMode.Overwrite(), run.Note()),
            out long count);
        return new StepOutcome(
            count,
            [version],
            [
                Fact.Of("users", work.Users),
                Fact.Of("items", work.Items),
                Fact.Of("interactions", work.Edges),
                Fact.Of("user pairs", work.UserPairs()),
                .. quarantined,
                .. PassedOverFiles.Facts(run.Sources.LogFiles),
            ])
        {
            Types = new Dictionary<string, string> { ["interactions"] = clicks.Types },
        };
    }

    /// <summary>Reports items of the log that the catalogue does not have: with none in common, the ids are probably written differently.</summary>
    private static void ReportUnknown(StepRun run, ClickSimilarity similarity, SwingWork work)
    {
        PinnedTable items = run.Input("items");
        if (items.State is null)
        {
            return;
        }

        long unknown = work.Items - similarity.KnownItems(items.Rows);
        if (unknown > 0)
        {
            run.Report(unknown == work.Items
                ? FormattableString.Invariant($"warning: none of the log's {work.Items:N0} items is in the catalogue; are the ids of both written alike?")
                : FormattableString.Invariant($"{unknown:N0} of the log's {work.Items:N0} items are not in the catalogue"));
        }
    }

    /// <inheritdoc/>
    public StepEstimate? Estimate(InputCounts counts, OneRecOptions options)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(options);
        if (counts.Degrees.Count == 0)
        {
            return null;
        }

        SwingOptions swing = options.Section<SwingOptions>();
        var work = new SwingWork(counts.Degrees, [], counts.Users);
        long pairs = work.UserPairs(swing.MaxItemUsers ?? long.MaxValue);
        int threads = options.ThreadCount();
        long held = SwingGraph.Bytes(counts.Edges, counts.Users, work.Items);
        long room = options.MemoryBytes() / 8 * 3;
        return new StepEstimate((counts.LogRows / (RowsPerSecond * threads)) + SwingWork.Seconds(pairs, threads))
        {
            Counts = [("user_pairs", pairs)],
            MemoryBytes = held,
            TableBytes = RowBytes * counts.Degrees.Sum(d => d.Items * Math.Min(swing.TopK, d.Users * 20)),
            ScratchBytes = counts.LogRows * 24,
            Problem = held <= room
                ? null
                : $"swing holds its edges in memory, about {MemorySize.Format(held)}, which exceeds its share of memoryLimit "
                    + $"({MemorySize.Format(room)}); raise memoryLimit or set swing.maxUserItems",
        };
    }
}
