using System.Globalization;
using OneRec.Core;
using OneRec.Kernels.Clustering;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Kernels.Clustering.Training;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>Measures the IDs of a codebook: how near they are, how evenly codes are used, how many items share one.</summary>
/// <remarks>
/// Metrics by level: <c>evaluate.mse</c> (squared error after the level, summed over dimensions, mean an item),
/// <c>evaluate.relative_error</c> (mse by the variance about the mean), <c>evaluate.utilization</c> (share of codes used),
/// <c>evaluate.entropy</c> in nats and <c>evaluate.perplexity</c> of the level's codes. Of whole IDs: <c>evaluate.items</c>,
/// <c>evaluate.unique_ids</c>, <c>evaluate.collision_rate</c> (1 - unique IDs / items), <c>evaluate.items_not_alone</c>
/// (share of items whose ID another item has too), <c>evaluate.largest_bucket</c>; and <c>evaluate.variance</c>.
/// </remarks>
public sealed class EvaluateStep : IStep
{
    private const int Algorithm = 1;

    /// <inheritdoc/>
    public string Name => "evaluate";

    /// <inheritdoc/>
    /// <exception cref="OneRecException">There is no such codebook (exit 2 or 4).</exception>
    public StepPlan Plan(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new StepPlan("quality", Algorithm)
        {
            Inputs =
            {
                ["items"] = context.VersionOf("items"),
                ["item_embeddings"] = context.VersionOf("item_embeddings"),
                ["semantic_ids"] = context.VersionOf("semantic_ids"),
                ["codebook"] = CodebookChoice.Resolve(context).CodebookId,
            },
        };
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepContext context, StepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(plan);
        IEngine engine = context.Engine;
        Codebook codebook = CodebookChoice.Resolve(engine, plan.Inputs["codebook"]);
        (IReadOnlyList<float[]> levels, int dims) = CodebookTable.Read(engine, codebook);
        EmbeddedItems items = EmbeddedItems.Of(engine, codebook.ModelId);
        IRelation ids = engine.Tables.State("semantic_ids") is null
            ? engine.FromRows(OneRecTables.SemanticIds(items.IdType).Schema, [])
            : engine.ReadTable("semantic_ids");
        using IKeptRelation measured = engine.Keep(engine.Sql(
            SqlScript.Load("measured_ids.sql").With("codebook_id", codebook.CodebookId),
            ("embedded", items.Relation),
            ("semantic_ids", ids)));
        if (measured.Rows == 0)
        {
            throw OneRecException.Table(
                "evaluate.no-ids",
                $"codebook {codebook.CodebookId} has no rows in semantic_ids; run 'onerec assign --set codebook={codebook.CodebookId}' first");
        }

        List<(string, int?, int?, double)> rows =
        [
            .. Levels(engine, measured, items, codebook, levels, dims),
            .. Collisions(engine, ids, codebook),
        ];
        TableVersion version = QualityRows.Write(
            context, context.Note(this, plan), "run_id", context.RunId, "evaluate.", rows, codebook.CodebookId);
        return new StepOutcome(rows.Count, [version], [.. Facts(codebook, rows, levels.Count)]);
    }

    private static IEnumerable<(string, int?, int?, double)> Levels(
        IEngine engine,
        IKeptRelation measured,
        EmbeddedItems items,
        Codebook codebook,
        IReadOnlyList<float[]> levels,
        int dims)
    {
        VectorStats stats = TrainingChecks.RequireSound(VectorStats.Read(engine.Collect(
            engine.Map(measured, VectorStatsKernel.Call(items.IdType), PartitionShape.Any))));
        double variance = Variance(engine, measured, items, stats);
        yield return ("evaluate.variance", null, null, variance);

        // What codes leave of a number is at most the number and the greatest of each level.
        float bound = MathF.BitIncrement((float)(stats.MaxAbs + levels.Sum(l => (double)l.Max(MathF.Abs))));
        var quality = new IdQuality([.. levels.Select(l => l.Length / dims)], FixedPoint.ForErrors(dims, bound));
        quality.Read(engine.Collect(engine.Map(
            measured,
            IdQualityKernel.Call(bound),
            PartitionShape.Any,
            (EncodeKernel.CodebookSide, CodebookTable.Relation(engine, codebook.CodebookId)))));
        for (int level = 0; level < levels.Count; level++)
        {
            IReadOnlyList<long> used = quality.Items(level);
            double mse = quality.Error(level) / measured.Rows;
            double entropy = Entropy(used, measured.Rows);
            yield return ("evaluate.mse", level, null, mse);
            yield return ("evaluate.utilization", level, null, used.Count(n => n > 0) / (double)used.Count);
            yield return ("evaluate.entropy", level, null, entropy);
            yield return ("evaluate.perplexity", level, null, Math.Exp(entropy));
            if (variance > 0)
            {
                yield return ("evaluate.relative_error", level, null, mse / variance);
            }
        }
    }

    // The mean squared distance to the mean: two passes of k-means with one code.
    private static double Variance(IEngine engine, IKeptRelation measured, EmbeddedItems items, VectorStats stats)
    {
        var scales = new LevelScales(stats.Rows, stats.Dims, stats.MaxAbs);
        var passes = new EnginePasses(engine, measured, items.IdType, scales, 1, () => { });
        PassSums sums = passes.Pass(0, new float[stats.Dims], worst: 0, countOnly: false);
        float[] mean = [.. sums.Sums.Select(s => (float)(scales.Vectors.ToDouble(s) / sums.Rows))];
        return passes.Pass(0, mean, worst: 0, countOnly: true).Objective;
    }

    private static double Entropy(IReadOnlyList<long> used, long items)
    {
        double entropy = 0;
        foreach (long n in used.Where(n => n > 0))
        {
            double share = n / (double)items;
            entropy -= share * Math.Log(share);
        }

        return entropy;
    }

    private static IEnumerable<(string, int?, int?, double)> Collisions(IEngine engine, IRelation ids, Codebook codebook)
    {
        object?[] row = Rows.Read(engine.Collect(engine.Sql(
            SqlScript.Load("collisions.sql").With("codebook_id", codebook.CodebookId), ("semantic_ids", ids))))[0];
        double items = (long)row[0]!;
        yield return ("evaluate.items", null, null, items);
        yield return ("evaluate.unique_ids", null, null, (long)row[1]!);
        yield return ("evaluate.collision_rate", null, null, 1 - ((long)row[1]! / items));
        yield return ("evaluate.items_not_alone", null, null, (long)row[2]! / items);
        yield return ("evaluate.largest_bucket", null, null, (long)row[3]!);
    }

    private static IEnumerable<Fact> Facts(
        Codebook codebook, List<(string Metric, int? Level, int? Iteration, double Value)> rows, int levels)
    {
        double Of(string metric, int? level = null) => rows.FirstOrDefault(r => r.Metric == metric && r.Level == level).Value;
        yield return new Fact("codebook", codebook.CodebookId);
        yield return new Fact("relative error", Number(Of("evaluate.relative_error", levels - 1)));
        yield return new Fact(
            "utilization",
            string.Join(" ", Enumerable.Range(0, levels).Select(l => Number(Of("evaluate.utilization", l)))));
        yield return new Fact("collision rate", Number(Of("evaluate.collision_rate")));
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
