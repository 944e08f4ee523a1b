using System.Buffers;
using OneRec.Core;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Embedding;

/// <summary>A block with its model loaded: computes the mean of each row's vectors.</summary>
/// <param name="weight">The factor for the block's vectors.</param>
internal abstract class BlockSource(double weight)
{
    /// <summary>Dimensions of the block.</summary>
    public abstract int Dimensions { get; }

    /// <summary>What its vectors are computed from, for messages.</summary>
    public abstract string Description { get; }

    /// <summary>
    /// Maximum rows per call; null for any number. Small if rows are expensive and gain nothing from being processed together,
    /// so that all threads finish at about the same time.
    /// </summary>
    public virtual int? MaxRows => null;

    /// <summary>Where the operators of its model run on a device; null on the CPU and without a model.</summary>
    public virtual string? Placement => null;

    /// <summary>The factor for the block's vectors.</summary>
    public double Weight { get; } = weight;

    /// <summary>Reads the means of some rows of a batch.</summary>
    /// <param name="input">The batch.</param>
    /// <param name="start">The first row.</param>
    /// <param name="rows">Out: for each row from there on a vector, missing, or a problem.</param>
    /// <exception cref="RowFailure">The model failed for a row, counted from <paramref name="start"/>.</exception>
    /// <exception cref="OneRecException">The model failed.</exception>
    public abstract void Read(EmbedBatch input, int start, BlockRows rows);

    /// <summary>Reads the token vectors of some rows of a batch: what <see cref="Read"/> averages.</summary>
    /// <param name="input">The batch.</param>
    /// <param name="start">The first row.</param>
    /// <param name="rows">Out: for each row from there on its vectors, none, or a problem.</param>
    /// <exception cref="RowFailure">As for <see cref="Read"/>.</exception>
    /// <exception cref="OneRecException">As for <see cref="Read"/>.</exception>
    public abstract void ReadTokens(EmbedBatch input, int start, TokenRows rows);
}

/// <summary>A block's result for some rows: for each a vector, missing, or a problem.</summary>
/// <remarks>The memory is pooled, because there are thousands of chunks.</remarks>
internal sealed class BlockRows : IDisposable
{
    private readonly int _d;
    private float[]? _vectors;
    private readonly bool[] _missing;
    private readonly string?[] _problems;

    /// <summary>Creates rows of zeros.</summary>
    /// <param name="count">Number of rows.</param>
    /// <param name="d">Dimensions of a vector.</param>
    public BlockRows(int count, int d)
    {
        Count = count;
        _d = d;
        _missing = new bool[count];
        _problems = new string?[count];
        _vectors = ArrayPool<float>.Shared.Rent(count * d);
        _vectors.AsSpan(0, count * d).Clear();
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>A row's vector; initially zeros.</summary>
    public Span<float> Vector(int row) => _vectors.AsSpan(row * _d, _d);

    /// <summary>Marks a row as having no data for the block.</summary>
    public void SetMissing(int row) => _missing[row] = true;

    /// <summary>Records a problem of a row; only the first is kept.</summary>
    public void SetProblem(int row, string problem) => _problems[row] ??= problem;

    /// <summary>Whether a row has no data for the block.</summary>
    public bool IsMissing(int row) => _missing[row];

    /// <summary>The problem of a row; null if there is none.</summary>
    public string? Problem(int row) => _problems[row];

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _vectors, null) is { } borrowed)
        {
            ArrayPool<float>.Shared.Return(borrowed);
        }
    }
}
