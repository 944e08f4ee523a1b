using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Inputs.Log;
using OneRec.Inputs.Sources;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>
/// Measures the IDs of a codebook: reconstruction error, code usage, collisions and neighbour agreement.
/// </summary>
/// <remarks>
/// Per level: <c>evaluate.mse</c> (squared error after the level, summed over dimensions, mean over items),
/// <c>evaluate.relative_error</c> (mse divided by the variance around the mean), <c>evaluate.utilization</c> (share of
/// codes used), <c>evaluate.entropy</c> (in nats) and <c>evaluate.perplexity</c> of the level's codes,
/// <c>evaluate.gini</c> of the items per code (0: evenly spread; 1: all under one code). For whole IDs:
/// <c>evaluate.items</c>, <c>evaluate.unique_ids</c>, <c>evaluate.collision_rate</c> (1 - unique IDs / items),
/// <c>evaluate.items_not_alone</c> (share of items that share their ID with another item),
/// <c>evaluate.largest_bucket</c>; and <c>evaluate.variance</c>. Per prefix length, where the level is that of the last
/// code: <c>evaluate.in_sample_neighbour_share</c> (share of rows of <c>item_similarity</c> whose two items share the
/// prefix; the whole log, which may have influenced the IDs) and, with <c>evaluate.holdout</c>,
/// <c>evaluate.holdout_neighbour_share</c> (the same for held-out partners; <c>evaluate.holdout_neighbours</c> is their
/// number), both to compare with <c>evaluate.neighbour_chance</c> (share of all item pairs that share the prefix). For
/// first codes: <c>evaluate.prefix_cosine</c>, to compare with <c>evaluate.random_cosine</c>. If items were appended:
/// <c>evaluate.appended_items</c>, <c>evaluate.appended_mse</c> and <c>evaluate.drift</c>, that mse divided by the
/// final training objective.
/// </remarks>
public sealed class EvaluateStep : IStep
{
    private const int Algorithm = 4;
    private const string Table = "quality";

    /// <inheritdoc/>
    public StepDescription Description { get; } = new("evaluate", "how good the IDs are, as numbers")
    {
        About =
        [
            "Reconstruction error, code utilization, entropy and collisions, overall and by level, and how often Swing "
            + "neighbours share a prefix compared with chance. With evaluate.holdout, part of the log is held out, and the IDs "
            + "are judged by neighbours that they cannot have learned from.",
        ],
        Inputs = ["input.interactions, with evaluate.holdout"],
        Reads = ["items", "item_embeddings", "semantic_ids", "item_similarity", CodebookChoice.Table],
        Writes = [new(Table, _ => OneRecTables.Quality()), new("quarantine", _ => OneRecTables.Quarantine())],
        Options = OptionSection.Of<EvaluateOptions>("evaluate"),
        Examples =
        [
            ("onerec evaluate --conf conf/movielens.json", "Measure the IDs in use."),
            ("onerec evaluate --conf my.json --set evaluate.holdout=users:0.1", "Hold out a tenth of the users to judge the IDs."),
            ("onerec sql \"SELECT metric, level, value FROM quality\" --conf conf/movielens.json", "Read the numbers."),
        ],
    };

    /// <inheritdoc/>
    /// <exception cref="OneRecException">The codebook does not exist (exit 2 or 4).</exception>
    public StepPlan Plan(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Codebook codebook = context.Codebook();
        var plan = new StepPlan(Algorithm)
        {
            Codebook = codebook,
            Inputs =
            {
                context.Pin("items"),
                context.Pin("item_embeddings"),
                context.Pin("semantic_ids"),
                context.Pin("item_similarity"),
                { context.Pin(CodebookChoice.Table), "codebook", codebook.CodebookId },
            },
        };
        if (context.Options.Section<EvaluateOptions>().ParseHoldout() is { } holdout)
        {
            plan.Inputs.Add("interactions", InteractionLog.Version(context.Engine.Inputs, context.Options.Input));
            plan.Parameters["holdout"] = HeldOutPartners.Parameters(context.Options, holdout);
        }

        return plan;
    }

    /// <inheritdoc/>
    public void RequireInputs(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Options.Section<EvaluateOptions>().ParseHoldout() is { } holdout)
        {
            LogSplit.RequireTimes(context.Options);
            InteractionLog.Require(context.Engine.Inputs, context.Options.Input, HeldOutPartners.NeedsTime(holdout));
        }
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        IQueryEngine engine = run.Engine;
        Codebook codebook = run.Plan.Codebook!;
        IRelation codebooks = run.Input(CodebookChoice.Table).Rows;
        (IReadOnlyList<float[]> levels, int dims) = CodebookTable.Read(engine, codebooks, codebook);
        EmbeddedItems items = EmbeddedItems.Read(run, codebook.ModelId);
        IRelation centroids = CodebookTable.Relation(engine, codebooks, codebook.CodebookId);
        IRelation ids = run.Input("semantic_ids").RowsOr(OneRecTables.SemanticIds(items.IdType));
        using IMaterializedRelation measured = engine.Materialize(engine.Sql(
            SqlScript.Load(typeof(EvaluateStep), "measured_ids.sql").With("codebook_id", codebook.CodebookId),
            ("embedded", items.Relation),
            ("semantic_ids", ids)));
        if (measured.Rows == 0)
        {
            throw OneRecException.Table(
                "evaluate.no-ids",
                $"codebook {codebook.CodebookId} has no rows in semantic_ids; run 'onerec assign --set codebook={codebook.CodebookId}' first");
        }

        IdEmbeddings.Require(run, codebook.CodebookId, codebook.ModelId);
        Holdout? holdout = run.Options.Section<EvaluateOptions>().ParseHoldout();
        LogClicks? clicks = holdout is null ? null : run.Sources.Clicks(HeldOutPartners.NeedsTime(holdout));
        IReadOnlyList<Fact> quarantined = [];
        if (clicks is not null)
        {
            ItemIds.RequireAlike(clicks.ItemIds, run.Input("items").State);
            quarantined = Quarantine.Write(run, clicks.BadRows);
        }

        using IMaterializedRelation? heldOut = clicks is null ? null : HeldOutPartners.Find(run, clicks, holdout!);
        IRelation? similar = run.Input("item_similarity") is { State: not null } table ? table.Rows : null;
        List<(string, int?, int?, double)> rows =
        [
            .. LevelMeasures.Measure(engine, measured, items, centroids, levels, dims),
            .. CollisionMeasures.Measure(engine, ids, codebook),
            .. PrefixMeasures.Measure(engine, measured, ids, similar, heldOut, codebook, levels.Count, dims),
            .. DriftMeasures.Measure(run, measured, items, ids, centroids, levels, dims),
        ];
        TableVersion version = QualityRows.Write(
            run, run.Note(), "run_id", run.RunId, "evaluate.", rows, codebook.CodebookId);
        return new StepOutcome(rows.Count, [version], [.. Facts(codebook, rows, levels.Count), .. quarantined]);
    }

    private static IEnumerable<Fact> Facts(
        Codebook codebook, List<(string Metric, int? Level, int? Iteration, double Value)> rows, int levels)
    {
        double Value(string metric, int? level = null) => rows.FirstOrDefault(r => r.Metric == metric && r.Level == level).Value;
        yield return new Fact("codebook", codebook.CodebookId);
        yield return Measure("relative error", Value("evaluate.relative_error", levels - 1));
        double[] utilization = [.. Enumerable.Range(0, levels).Select(l => Value("evaluate.utilization", l))];
        yield return Fact.Of("utilization", utilization, string.Join(" ", utilization.Select(Number)));
        yield return Measure("collision rate", Value("evaluate.collision_rate"));
        foreach ((string metric, string name) in new[]
        {
            (PrefixMeasures.InSample, "Swing neighbours with the same first code, in sample"),
            (PrefixMeasures.HeldOut, "held-out Swing neighbours with the same first code"),
        })
        {
            if (rows.Any(r => r.Metric == metric))
            {
                (double share, double chance) = (Value(metric, 0), Value(PrefixMeasures.Chance, 0));
                yield return Measure(name, share) with
                {
                    Value = $"{Number(share)} (chance {Number(chance)})",
                    Json = new JsonObject { ["share"] = Measure(name, share).Json, ["chance"] = Measure(name, chance).Json },
                };
            }
        }

        if (rows.FirstOrDefault(r => r.Item1 == PrefixMeasures.HeldOutPairs) is { Item1: not null } held)
        {
            yield return Fact.Of("held-out neighbours", (long)held.Item4);
        }

        if (rows.Any(r => r.Metric == "evaluate.drift"))
        {
            yield return Measure("drift", Value("evaluate.drift"));
        }
    }

    private static Fact Measure(string name, double value) => Fact.Of(name, value, Number(value));

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
