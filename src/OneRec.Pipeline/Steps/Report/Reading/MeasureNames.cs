using OneRec.Pipeline.Steps.Evaluate;

namespace OneRec.Pipeline.Steps.Report.Reading;

/// <summary>Metrics of table <c>quality</c> that the page shows.</summary>
internal static class MeasureNames
{
    /// <summary>Mean squared reconstruction error, by level.</summary>
    public const string Error = "evaluate.mse";

    /// <summary>The same as a share of the embeddings' variance, by level.</summary>
    public const string RelativeError = "evaluate.relative_error";

    /// <summary>Share of codes in use, by level.</summary>
    public const string Utilization = "evaluate.utilization";

    /// <summary>Entropy of the codes in nats, by level.</summary>
    public const string Entropy = "evaluate.entropy";

    /// <summary>exp(entropy), by level.</summary>
    public const string Perplexity = "evaluate.perplexity";

    /// <summary>Share of Swing neighbours in the whole log whose IDs begin alike, by the last level of the prefix.</summary>
    public const string InSampleNeighbours = PrefixMeasures.InSample;

    /// <summary>The same of neighbours in the held-out part of the log alone.</summary>
    public const string HeldOutNeighbours = PrefixMeasures.HeldOut;

    /// <summary>The share of all pairs of items that begin alike.</summary>
    public const string NeighbourChance = PrefixMeasures.Chance;

    /// <summary>1 - unique IDs / items.</summary>
    public const string CollisionRate = "evaluate.collision_rate";

    /// <summary>Training's objective, by level and iteration.</summary>
    public const string Objective = "train.objective";
}
