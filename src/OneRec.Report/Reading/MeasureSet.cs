using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Report.Model;

namespace OneRec.Report.Reading;

/// <summary>The rows of table <c>quality</c> that the page needs, by run.</summary>
/// <param name="All">The rows, in any order.</param>
internal sealed record MeasureSet(IReadOnlyList<Measure> All)
{
    /// <summary>The measures of a level from one run.</summary>
    /// <param name="run">The run of the evaluation.</param>
    /// <param name="codebook">The codebook.</param>
    /// <param name="level">The level, from 0.</param>
    /// <param name="codes">Number of centroids of the level.</param>
    /// <param name="trained">The run that trained the codebook; null if unknown.</param>
    /// <param name="usage">Number of items per code.</param>
    public LevelReport Level(string run, string codebook, int level, int codes, string? trained, IReadOnlyList<long> usage) =>
        new(level, codes)
        {
            Error = Value(run, codebook, MeasureNames.Error, level),
            RelativeError = Value(run, codebook, MeasureNames.RelativeError, level),
            Utilization = Value(run, codebook, MeasureNames.Utilization, level),
            Entropy = Value(run, codebook, MeasureNames.Entropy, level),
            Perplexity = Value(run, codebook, MeasureNames.Perplexity, level),
            InSampleNeighbours = Value(run, codebook, MeasureNames.InSampleNeighbours, level),
            HeldOutNeighbours = Value(run, codebook, MeasureNames.HeldOutNeighbours, level),
            InSamplePairs = Value(run, codebook, MeasureNames.InSamplePairs, null),
            HeldOutPairs = Value(run, codebook, MeasureNames.HeldOutPairs, null),
            NeighbourChance = Value(run, codebook, MeasureNames.NeighbourChance, level),
            Objective = Objective(codebook, level, trained),
            Usage = usage,
        };

    /// <summary>The measures of a run; null if it evaluated no codebook.</summary>
    public EvaluationReport? Evaluation(string run)
    {
        string? codebook = All
            .Where(m => m.RunId == run && m.CodebookId is not null && m.Metric.StartsWith("evaluate.", StringComparison.Ordinal))
            .Min(m => m.CodebookId);
        return codebook is null
            ? null
            : new EvaluationReport(run, codebook)
            {
                Utilization = Rows(run, codebook, MeasureNames.Utilization).Where(m => m.Level is not null).Select(m => (double?)m.Value).Min(),
                CollisionRate = Value(run, codebook, MeasureNames.CollisionRate, null),
                RelativeError = Rows(run, codebook, MeasureNames.RelativeError)
                    .Where(m => m.Level is not null)
                    .OrderBy(m => m.Level)
                    .Select(m => (double?)m.Value)
                    .LastOrDefault(),
                Neighbours = Value(run, codebook, MeasureNames.HeldOutNeighbours, 0) ?? Value(run, codebook, MeasureNames.InSampleNeighbours, 0),
            };
    }

    // The id of a codebook is a hash of its centroids, so several runs may have recorded its training; only one is
    // shown.
    private ObjectivePoint[] Objective(string codebook, int level, string? trained)
    {
        Measure[] points =
        [
            .. All.Where(m => m.Metric == MeasureNames.Objective && m.CodebookId == codebook && m.Level == level && m.Iteration is not null),
        ];
        string? run = points.Any(m => m.RunId == trained) ? trained : points.Max(m => m.RunId);
        return
        [
            .. points.Where(m => m.RunId == run).OrderBy(m => m.Iteration).Select(m => new ObjectivePoint(m.Iteration!.Value, m.Value)),
        ];
    }

    private IEnumerable<Measure> Rows(string run, string codebook, string metric) =>
        All.Where(m => m.RunId == run && m.CodebookId == codebook && m.Metric == metric);

    private double? Value(string run, string codebook, string metric, int? level) =>
        Rows(run, codebook, metric).Where(m => m.Level == level).Select(m => (double?)m.Value).FirstOrDefault();
}

/// <summary>A row of table <c>quality</c>.</summary>
/// <param name="RunId">The run that measured it.</param>
/// <param name="CodebookId">The measured codebook; null if the measure belongs to none.</param>
/// <param name="Metric">The metric, prefixed by its step.</param>
/// <param name="Level">The level; null for all levels together.</param>
/// <param name="Iteration">The iteration; null if it has none.</param>
/// <param name="Value">The value.</param>
internal sealed record Measure(string RunId, string? CodebookId, string Metric, int? Level, int? Iteration, double Value);

/// <summary>Metrics of table <c>quality</c> that the page shows.</summary>
internal static class MeasureNames
{
    /// <summary>Mean squared reconstruction error, by level.</summary>
    public const string Error = "evaluate.mse";

    /// <summary>The same divided by the variance of the embeddings, by level.</summary>
    public const string RelativeError = "evaluate.relative_error";

    /// <summary>Share of codes in use, by level.</summary>
    public const string Utilization = "evaluate.utilization";

    /// <summary>Entropy of the codes in nats, by level.</summary>
    public const string Entropy = "evaluate.entropy";

    /// <summary>exp(entropy), by level.</summary>
    public const string Perplexity = "evaluate.perplexity";

    /// <summary>
    /// Share of Swing neighbours in the whole log that share a prefix, by the last level of the prefix.
    /// </summary>
    public const string InSampleNeighbours = PrefixMeasures.InSample;

    /// <summary>Number of these neighbours.</summary>
    public const string InSamplePairs = PrefixMeasures.InSamplePairs;

    /// <summary>Number of held-out neighbours.</summary>
    public const string HeldOutPairs = PrefixMeasures.HeldOutPairs;

    /// <summary>The same share for neighbours only in the held-out part of the log.</summary>
    public const string HeldOutNeighbours = PrefixMeasures.HeldOut;

    /// <summary>Share of all item pairs that share a prefix.</summary>
    public const string NeighbourChance = PrefixMeasures.Chance;

    /// <summary>1 - unique IDs / items.</summary>
    public const string CollisionRate = "evaluate.collision_rate";

    /// <summary>The training objective, by level and iteration.</summary>
    public const string Objective = "train.objective";
}
