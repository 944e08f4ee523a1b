namespace OneRec.Report.Model;

/// <summary>One level of the codebook. A measure that was not taken is null.</summary>
/// <param name="Level">Counts from 0, the coarsest.</param>
/// <param name="Codes">K: centroids at this level, at least 1.</param>
public sealed record LevelReport(int Level, int Codes)
{
    /// <summary>Mean squared distance from an embedding to its reconstruction by levels 0 to this one.</summary>
    public double? Error { get; init; }

    /// <summary><see cref="Error"/> as a share of the embeddings' mean squared distance to their mean: 1 explains nothing, 0 all.</summary>
    public double? RelativeError { get; init; }

    /// <summary>Share of codes that some item has, 0 to 1.</summary>
    public double? Utilization { get; init; }

    /// <summary>Shannon entropy of the codes over items, nats.</summary>
    public double? Entropy { get; init; }

    /// <summary>exp(entropy): the number of equally used codes that would give this entropy.</summary>
    public double? Perplexity { get; init; }

    /// <summary>Share of Swing neighbours in the whole log whose IDs are alike up to this level: an in-sample figure.</summary>
    public double? InSampleNeighbours { get; init; }

    /// <summary>The same of neighbours in the held-out part of the log that are none in the rest of it.</summary>
    public double? HeldOutNeighbours { get; init; }

    /// <summary>Share of all pairs of items whose IDs are alike up to this level.</summary>
    public double? NeighbourChance { get; init; }

    /// <summary>Training's objective by iteration, in ascending order.</summary>
    public IReadOnlyList<ObjectivePoint> Objective { get; init; } = [];

    /// <summary>[K] items by code, deleted ones left out; empty where unknown.</summary>
    public IReadOnlyList<long> Usage { get; init; } = [];

    /// <summary>The entropy that an even use of all codes would have, ln K in nats.</summary>
    public double MaximumEntropy => Math.Log(Codes);
}

/// <summary>Training's objective at one iteration of a level.</summary>
/// <param name="Iteration">As <c>quality</c> counts it.</param>
/// <param name="Value">Mean squared distance of the level's residuals to their centroids.</param>
public sealed record ObjectivePoint(int Iteration, double Value);
