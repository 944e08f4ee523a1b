using OneRec.Kernels.Clustering.Batches;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>
/// Whether a codebook still fits new items: the error of items appended under it relative to its training error.
/// </summary>
internal static class DriftMeasures
{
    /// <summary>Measures appended items; empty if there are none.</summary>
    public static IEnumerable<(string, int?, int?, double)> Measure(
        StepRun run,
        IMaterializedRelation measured,
        EmbeddedItems items,
        IRelation ids,
        IRelation centroids,
        IReadOnlyList<float[]> levels,
        int dims)
    {
        IQueryEngine engine = run.Engine;
        Codebook codebook = run.Plan.Codebook!;
        using IMaterializedRelation appended = engine.Materialize(engine.Sql(
            SqlScript.Load(typeof(DriftMeasures), "appended_ids.sql").With("codebook_id", codebook.CodebookId),
            ("measured", measured),
            ("semantic_ids", ids)));
        if (appended.Rows == 0)
        {
            yield break;
        }

        VectorStats stats = TrainingChecks.RequireSound(VectorStats.Read(engine.Collect(
            engine.Map(appended, VectorStatsKernel.Call(items.IdType), PartitionShape.Any))));
        IdQuality quality = LevelMeasures.Errors(engine, appended, centroids, levels, dims, stats.MaxAbs);
        double mse = quality.Error(levels.Count - 1) / appended.Rows;
        yield return ("evaluate.appended_items", null, null, appended.Rows);
        yield return ("evaluate.appended_mse", null, null, mse);
        if (TrainingError(run, codebook, levels.Count - 1) is { } training and > 0)
        {
            yield return ("evaluate.drift", null, null, mse / training);
        }
    }

    private static double? TrainingError(StepRun run, Codebook codebook, int level)
    {
        PinnedTable quality = run.Output("quality");
        if (quality.State is null)
        {
            return null;
        }

        return RowReader.Read(run.Engine.Collect(run.Engine.Sql(
            SqlScript.Load(typeof(DriftMeasures), "training_error.sql").With("codebook_id", codebook.CodebookId).With("level", level),
            ("quality", quality.Rows)))) is [[double value]] ? value : null;
    }
}
