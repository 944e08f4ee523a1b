namespace OneRec.Report.Model;

/// <summary>One level of the codebook. A measure is null if it was not measured.</summary>
/// <param name="Level">The level, from 0 (the coarsest).</param>
/// <param name="Codes">K: the number of centroids of this level, at least 1.</param>
public sealed record LevelReport(int Level, int Codes)
{
    /// <summary>Mean squared distance between an embedding and its reconstruction from levels 0 to this one.</summary>
    public double? Error { get; init; }

    /// <summary>
    /// <see cref="Error"/> divided by the variance of the embeddings: 0 is a perfect reconstruction, 1 explains
    /// nothing.
    /// </summary>
    public double? RelativeError { get; init; }

    /// <summary>Share of codes that are used by at least one item, 0 to 1.</summary>
    public double? Utilization { get; init; }

    /// <summary>Shannon entropy of the codes over items, in nats.</summary>
    public double? Entropy { get; init; }

    /// <summary>exp(entropy): the number of evenly used codes with the same entropy.</summary>
    public double? Perplexity { get; init; }

    /// <summary>Share of Swing neighbours in the whole log whose IDs are equal up to this level; in sample.</summary>
    public double? InSampleNeighbours { get; init; }

    /// <summary>
    /// The same share for neighbours in the held-out part of the log that are not neighbours in the rest.
    /// </summary>
    public double? HeldOutNeighbours { get; init; }

    /// <summary>Number of pairs behind <see cref="InSampleNeighbours"/>.</summary>
    public double? InSamplePairs { get; init; }

    /// <summary>Number of pairs behind <see cref="HeldOutNeighbours"/>.</summary>
    public double? HeldOutPairs { get; init; }

    /// <summary>Share of all item pairs whose IDs are equal up to this level.</summary>
    public double? NeighbourChance { get; init; }

    /// <summary>The training objective by iteration, in ascending order of iteration.</summary>
    public IReadOnlyList<ObjectivePoint> Objective { get; init; } = [];

    /// <summary>[K] number of items per code, without deleted items; empty if unknown.</summary>
    public IReadOnlyList<long> Usage { get; init; } = [];

    /// <summary>The entropy if all codes were used evenly: ln K, in nats.</summary>
    public double MaximumEntropy => Math.Log(Codes);
}

/// <summary>The training objective at one iteration of a level.</summary>
/// <param name="Iteration">The iteration as in table <c>quality</c>.</param>
/// <param name="Value">Mean squared distance between the level's inputs and their centroids.</param>
public sealed record ObjectivePoint(int Iteration, double Value);
