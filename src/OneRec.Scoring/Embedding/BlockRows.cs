using System.Buffers;

namespace OneRec.Scoring.Embedding;

/// <summary>What a block gives for some rows: a vector each, or nothing, or a problem.</summary>
/// <remarks>Its memory is borrowed: chunks come by the thousand.</remarks>
internal sealed class BlockRows : IDisposable
{
    private readonly int _d;
    private float[]? _vectors;
    private readonly bool[] _missing;
    private readonly string?[] _problems;

    /// <summary>Rows of zeros.</summary>
    /// <param name="count">Rows.</param>
    /// <param name="d">Floats of a vector.</param>
    public BlockRows(int count, int d)
    {
        Count = count;
        _d = d;
        _missing = new bool[count];
        _problems = new string?[count];
        _vectors = ArrayPool<float>.Shared.Rent(count * d);
        _vectors.AsSpan(0, count * d).Clear();
    }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>A row's vector, zeros at first.</summary>
    public Span<float> Vector(int row) => _vectors.AsSpan(row * _d, _d);

    /// <summary>Says that a row has nothing for the block.</summary>
    public void SetMissing(int row) => _missing[row] = true;

    /// <summary>Says what is wrong with a row; the first problem stays.</summary>
    public void SetProblem(int row, string problem) => _problems[row] ??= problem;

    /// <summary>Whether a row has nothing for the block.</summary>
    public bool IsMissing(int row) => _missing[row];

    /// <summary>What is wrong with a row; null where nothing is.</summary>
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
