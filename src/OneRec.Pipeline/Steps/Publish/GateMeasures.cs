using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Publish;

/// <summary>Measures a codebook against the limits of <see cref="PublishGates"/>.</summary>
internal static class GateMeasures
{
    /// <summary>The gates in the order of the options.</summary>
    /// <param name="run">The run.</param>
    /// <param name="codebook">The codebook to publish.</param>
    /// <param name="published">The id of the published codebook; null if there is none.</param>
    public static IReadOnlyList<Gate> Of(StepRun run, Codebook codebook, string? published)
    {
        PublishGates gates = run.Options.Section<PublishOptions>().Gates;
        long[]? differences = published is null || published == codebook.CodebookId ? null : Differences(run, codebook, published);
        IReadOnlyDictionary<string, double> quality = Quality(run, codebook);
        return
        [
            new Gate("rowDrop", "IDs lost", differences is null ? null : Share(differences[1] - differences[0], differences[1]), gates.RowDrop),
            new Gate("positiveShare", "positive interactions", gates.PositiveShare is null ? null : PositiveShare(run), gates.PositiveShare) { IsLeast = true },
            new Gate("withoutEmbedding", "items without embedding", WithoutEmbedding(run, codebook), gates.WithoutEmbedding),
            new Gate("utilization", "codes used at the level with the fewest", Value("evaluate.utilization"), gates.Utilization) { IsLeast = true },
            new Gate("collisions", "collision rate", Value("evaluate.collision_rate"), gates.Collisions),
            new Gate("moved", "items whose codes change", differences is null ? null : Share(differences[3], differences[2]), gates.Moved),
            new Gate("drift", "drift", Value("evaluate.drift"), gates.Drift) { IsShare = false },
        ];

        double? Value(string metric) => quality.TryGetValue(metric, out double value) ? value : null;
    }

    /// <summary>Requires that the measures that limits need are there.</summary>
    /// <exception cref="OneRecException">Table error <c>publish.not-evaluated</c>.</exception>
    public static void RequireKnown(IEnumerable<Gate> gates, Codebook codebook)
    {
        // Without appended items there is no drift, and without a published codebook nothing to lose.
        if (gates.FirstOrDefault(g => g is { Limit: not null, Value: null, Key: "utilization" or "collisions" }) is { } unknown)
        {
            throw OneRecException.Table(
                "publish.not-evaluated",
                $"publish.gates.{unknown.Key} needs the newest measures of codebook {codebook.CodebookId}; "
                    + $"run 'onerec evaluate --set codebook={codebook.CodebookId}' first");
        }
    }

    private static long[] Differences(StepRun run, Codebook codebook, string published) =>
    [
        .. Row(run.Engine.Sql(
            SqlScript.Load(typeof(GateMeasures), "gate_ids.sql").With("codebook_id", codebook.CodebookId).With("published_id", published),
            ("semantic_ids", run.Input("semantic_ids").Rows)), run).Select(value => (long)value!),
    ];

    private static double? WithoutEmbedding(StepRun run, Codebook codebook)
    {
        if (run.Input("items") is not { State: not null } items || run.Input("item_embeddings") is not { State: not null } embeddings)
        {
            return null;
        }

        object?[] row = Row(
            run.Engine.Sql(
                SqlScript.Load(typeof(GateMeasures), "gate_embeddings.sql").With("model_id", codebook.ModelId),
                ("items", items.Rows),
                ("embeddings", embeddings.Rows)),
            run);
        return Share((long)row[1]!, (long)row[0]!);
    }

    private static double? PositiveShare(StepRun run) =>
        Share(run.Sources.Clicks(needsTime: false).Count, run.Sources.CountLog());

    // The measures of the newest evaluation, if it was of this codebook; of a measure by level the least.
    private static Dictionary<string, double> Quality(StepRun run, Codebook codebook)
    {
        PinnedTable quality = run.Input("quality");
        return quality.NewestRun is not { } newest
            ? []
            : RowReader.Read(run.Engine.Collect(run.Engine.Sql(
                SqlScript.Load(typeof(GateMeasures), "gate_quality.sql").With("codebook_id", codebook.CodebookId).With("run_id", newest),
                ("quality", quality.Rows)))).ToDictionary(row => (string)row[0]!, row => (double)row[1]!, StringComparer.Ordinal);
    }

    private static object?[] Row(IRelation relation, StepRun run) => RowReader.Read(run.Engine.Collect(relation))[0];

    private static double? Share(long part, long whole) => whole == 0 ? null : Math.Max(0, part) / (double)whole;
}
