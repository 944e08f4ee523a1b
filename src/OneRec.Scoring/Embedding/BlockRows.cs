namespace OneRec.Scoring.Embedding;

/// <summary>What a block gives for some rows: a vector each, or nothing, or a problem.</summary>
/// <param name="count">Rows.</param>
/// <param name="d">Floats of a vector.</param>
internal sealed class BlockRows(int count, int d)
{
    private readonly float[] _vectors = new float[count * d];
    private readonly bool[] _missing = new bool[count];
    private readonly string?[] _problems = new string?[count];

    /// <summary>Rows.</summary>
    public int Count => count;

    /// <summary>A row's vector, zeros at first.</summary>
    public Span<float> Vector(int row) => _vectors.AsSpan(row * d, d);

    /// <summary>Says that a row has nothing for the block.</summary>
    public void SetMissing(int row) => _missing[row] = true;

    /// <summary>Says what is wrong with a row; the first problem stays.</summary>
    public void SetProblem(int row, string problem) => _problems[row] ??= problem;

    /// <summary>Whether a row has nothing for the block.</summary>
    public bool IsMissing(int row) => _missing[row];

    /// <summary>What is wrong with a row; null where nothing is.</summary>
    public string? Problem(int row) => _problems[row];
}
