using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Log;
using OneRec.Inputs.Sources;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Pairs;

/// <summary>
/// Builds table <c>item_pairs</c>: Swing neighbours (<c>i2i</c>), and users' clicks paired with the most similar item
/// clicked earlier (<c>u2i</c>; <see cref="ItemPairs"/>).
/// </summary>
public sealed class PairsStep : IStep
{
    private const string Table = "item_pairs";
    private const string Similarity = "item_similarity";
    private const double RowsPerSecond = 500_000;
    private const double ClicksPerSecond = 250_000;

    /// <inheritdoc/>
    public StepDescription Description { get; } = new("pairs", "item pairs for alignment: i2i by Swing, u2i by history")
    {
        About =
        [
            "i2i pairs are an item's best Swing neighbours. u2i pairs join each of a user's latest clicks (the target) "
            + "with the earlier click that is most similar to it by Swing. The pairs carry the collaborative signal that "
            + "alignment adds to the item embeddings. A log without times (input.columns.time=null) gives i2i pairs alone.",
        ],
        Inputs = ["input.interactions"],
        Reads = [Similarity],
        Writes = [new(Table, OneRecTables.ItemPairs), new("quarantine", _ => OneRecTables.Quarantine())],
        Options = OptionSection.Of<PairsOptions>("pairs"),
        OtherSections = ["input"],
        Examples = [("onerec pairs --conf conf/movielens.json --set pairs.history=20", "Search fewer earlier clicks.")],
    };

    /// <inheritdoc/>
    public StepPlan Plan(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        JsonObject parameters = ItemPairs.Parameters(context.Options);
        parameters["log"] = InteractionLog.Parameters(context.Options.Input, needsTime: true);
        return new StepPlan(1)
        {
            Inputs = { { "interactions", InteractionLog.Version(context.Engine.Inputs, context.Options.Input) }, context.Pin(Similarity) },
            Parameters = parameters,
        };
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
        InteractionLog.Require(context.Engine.Inputs, context.Options.Input, needsTime: true);
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        IQueryEngine engine = run.Engine;
        PinnedTable scores = run.Input(Similarity).Require("swing");
        IRelation similarity = scores.Rows;
        IArrowType id = scores.IdType;
        LogClicks clicks = run.Sources.Clicks(needsTime: true);
        RequireIdType(clicks, id);
        IReadOnlyList<Fact> quarantined = Quarantine.Write(run, clicks.BadRows);
        using var pairs = ItemPairs.Make(run, clicks.Rows, clicks.HasTimes, similarity, id);
        TableVersion version = run.Write(
            pairs.Rows,
            new TableWrite(OneRecTables.ItemPairs(id), new WriteMode.Overwrite(), run.Note()),
            out long count);
        return new StepOutcome(count, [version], [.. Facts(engine, pairs.History), .. quarantined, .. PassedOverFiles.Facts(run.Sources.LogFiles)])
        {
            Types = new Dictionary<string, string> { ["interactions"] = clicks.Types },
        };
    }

    /// <inheritdoc/>
    public StepEstimate? Estimate(InputCounts counts, OneRecOptions options)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(options);
        int threads = options.ThreadCount();
        return counts.Edges == 0
            ? null
            : new StepEstimate((counts.LogRows / (RowsPerSecond * threads)) + (counts.Edges / (ClicksPerSecond * threads)))
            {
                ScratchBytes = counts.LogRows * 24,
            };
    }

    private static void RequireIdType(LogClicks clicks, IArrowType id)
    {
        if (clicks.ItemIds.Type.TypeId != id.TypeId)
        {
            throw OneRecException.Input(
                "input.id-type",
                $"item ids are {clicks.ItemIds.TypeName} in {clicks.Source}, but {new ItemIds(id, Similarity).TypeName} in table item_similarity; "
                    + "run swing again, or declare the type in input.types");
        }
    }

    private static IEnumerable<Fact> Facts(IQueryEngine engine, IRelation history)
    {
        foreach (object?[] row in RowReader.Read(engine.Collect(
            engine.Sql(SqlScript.Load(typeof(PairsStep), "pair_counts.sql"), ("history", history)))))
        {
            string name = row[0] is string reason ? $"dropped: {reason.Replace('_', ' ')}" : "clicks paired";
            yield return Fact.Of(name, (long)row[1]!);
        }
    }
}
