using OneRec.Core;

namespace OneRec.Scoring.Embedding;

/// <summary>A block made ready: gives the mean of each row's vectors.</summary>
/// <param name="weight">What the block is multiplied by.</param>
internal abstract class BlockSource(double weight)
{
    /// <summary>Floats of the block.</summary>
    public abstract int Dimensions { get; }

    /// <summary>What its vectors come from, in words for messages.</summary>
    public abstract string What { get; }

    /// <summary>
    /// Most rows to be asked for at once; null: any number. Few where rows are dear and gain nothing from each other, so that
    /// threads end together.
    /// </summary>
    public virtual int? MostRows => null;

    /// <summary>Where its model's operators run on a device; null on the CPU, and where there is no model.</summary>
    public virtual string? Placement => null;

    /// <summary>What the block is multiplied by.</summary>
    public double Weight { get; } = weight;

    /// <summary>Reads the means of some rows of a batch.</summary>
    /// <param name="input">The batch.</param>
    /// <param name="start">Its first row.</param>
    /// <param name="rows">Out: a vector, nothing or a problem for each row from there on.</param>
    /// <exception cref="RowFailure">A model failed at a row, counted from <paramref name="start"/>.</exception>
    /// <exception cref="OneRecException">A model failed.</exception>
    public abstract void Read(EmbedBatch input, int start, BlockRows rows);
}
