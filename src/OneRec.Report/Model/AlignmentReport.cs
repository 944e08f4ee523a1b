namespace OneRec.Report.Model;

/// <summary>The training of the aligned model, as its folder records it.</summary>
/// <param name="RunId">The run that trained it.</param>
/// <param name="Pairs">Number of training pairs.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Curve">The curves.</param>
public sealed record AlignmentReport(string RunId, long Pairs, long Steps, IReadOnlyList<AlignmentPoint> Curve)
{
    /// <summary>The step whose state was kept; null if the last one was.</summary>
    public long? BestStep { get; init; }

    /// <summary>Share of validation partners that the kept state finds, 0 to 1; null without validation.</summary>
    public double? Hits { get; init; }

    /// <summary>The same for the pooled embeddings.</summary>
    public double? PooledHits { get; init; }

    /// <summary>Items with their nearest items before and after training.</summary>
    public IReadOnlyList<AlignmentExample> Examples { get; init; } = [];
}

/// <summary>A point of the curves.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Contrastive">The contrastive loss.</param>
/// <param name="Caption">The caption loss a token; null without captions.</param>
/// <param name="Hits">Share of validation partners found; null without validation.</param>
public sealed record AlignmentPoint(long Step, double Contrastive, double? Caption, double? Hits)
{
    /// <summary>Perplexity of captions that training did not see, from the item's own queries; null if it was not measured.</summary>
    public double? Perplexity { get; init; }

    /// <summary>The same from the queries of another item.</summary>
    public double? PerplexityOfOther { get; init; }
}

/// <summary>The nearest items of one item.</summary>
/// <param name="Item">Its title.</param>
/// <param name="Before">Titles of the nearest items by pooled embeddings.</param>
/// <param name="After">Titles of the nearest items by the aligned model.</param>
public sealed record AlignmentExample(string Item, IReadOnlyList<string> Before, IReadOnlyList<string> After);
