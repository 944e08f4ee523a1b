using OneRec.Kernels.Clustering.Batches;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>Whether a codebook still fits what comes in: the error of items appended under it, by that of its training.</summary>
internal static class DriftMeasures
{
    /// <summary>Measures appended items; nothing where there are none.</summary>
    public static IEnumerable<(string, int?, int?, double)> Of(
        IEngine engine,
        IKeptRelation measured,
        EmbeddedItems items,
        IRelation ids,
        Codebook codebook,
        IReadOnlyList<float[]> levels,
        int dims)
    {
        using IKeptRelation appended = engine.Keep(engine.Sql(
            SqlScript.Load(typeof(DriftMeasures), "appended_ids.sql").With("codebook_id", codebook.CodebookId),
            ("measured", measured),
            ("semantic_ids", ids)));
        if (appended.Rows == 0)
        {
            yield break;
        }

        VectorStats stats = TrainingChecks.RequireSound(VectorStats.Read(engine.Collect(
            engine.Map(appended, VectorStatsKernel.Call(items.IdType), PartitionShape.Any))));
        IdQuality quality = LevelMeasures.Errors(engine, appended, codebook, levels, dims, stats.MaxAbs);
        double mse = quality.Error(levels.Count - 1) / appended.Rows;
        yield return ("evaluate.appended_items", null, null, appended.Rows);
        yield return ("evaluate.appended_mse", null, null, mse);
        if (TrainingError(engine, codebook, levels.Count - 1) is { } training and > 0)
        {
            yield return ("evaluate.drift", null, null, mse / training);
        }
    }

    private static double? TrainingError(IEngine engine, Codebook codebook, int level)
    {
        if (engine.Tables.State("quality") is null)
        {
            return null;
        }

        return RowReader.Read(engine.Collect(engine.Sql(
            SqlScript.Load(typeof(DriftMeasures), "training_error.sql").With("codebook_id", codebook.CodebookId).With("level", level),
            ("quality", engine.ReadTable("quality"))))) is [[double value]] ? value : null;
    }
}
