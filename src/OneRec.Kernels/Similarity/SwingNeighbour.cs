namespace OneRec.Kernels.Similarity;

/// <summary>An item similar to a target.</summary>
/// <param name="Score">Its score.</param>
/// <param name="Item">The item.</param>
/// <param name="Common">Users that it shares with the target.</param>
public readonly record struct SwingNeighbour(double Score, int Item, int Common)
{
    /// <summary>Whether this one ranks before another: by score descending, then item ascending.</summary>
    public bool IsBefore(in SwingNeighbour other) =>
        Score > other.Score || (Score == other.Score && Item < other.Item);
}
