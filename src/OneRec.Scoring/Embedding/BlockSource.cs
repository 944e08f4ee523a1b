namespace OneRec.Scoring.Embedding;

/// <summary>A block made ready: gives the mean of a row's vectors.</summary>
internal abstract class BlockSource(double weight)
{
    /// <summary>Floats of the block.</summary>
    public abstract int Dimensions { get; }

    /// <summary>What its vectors come from, in words for messages.</summary>
    public abstract string What { get; }

    /// <summary>What the block is multiplied by.</summary>
    public double Weight { get; } = weight;

    /// <summary>The mean of a row's vectors.</summary>
    /// <param name="input">The batch.</param>
    /// <param name="row">Its row.</param>
    /// <param name="mean">Out [<see cref="Dimensions"/>]; untouched where the row has none.</param>
    /// <param name="problem">What is wrong with the row; null where nothing is.</param>
    /// <returns>False where the row has nothing for this block, or a problem.</returns>
    public abstract bool TryRead(EmbedBatch input, int row, Span<float> mean, out string? problem);
}
