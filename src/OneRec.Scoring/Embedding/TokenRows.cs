using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Embedding;

/// <summary>A block's token vectors of some rows: for each row [n, d], none, or a problem.</summary>
/// <param name="count">Number of rows.</param>
/// <param name="d">Length of a vector.</param>
internal sealed class TokenRows(int count, int d)
{
    private readonly RowTokens[] _rows = [.. Enumerable.Range(0, count).Select(_ => new RowTokens())];
    private readonly string?[] _problems = new string?[count];

    /// <summary>Number of rows.</summary>
    public int Count => count;

    /// <summary>Length of a vector.</summary>
    public int Dimensions => d;

    /// <summary>A row's vectors, [n, d] row-major.</summary>
    public ReadOnlySpan<float> Vectors(int row) => _rows[row].Values;

    /// <summary>Receives a row's vectors.</summary>
    public IVectorSink Sink(int row) => _rows[row];

    /// <summary>Memory for more vectors of a row.</summary>
    public Span<float> Add(int row, int vectors) => _rows[row].Add(vectors * d);

    /// <summary>Records a problem of a row; only the first is kept.</summary>
    public void SetProblem(int row, string problem) => _problems[row] ??= problem;

    /// <summary>The problem of a row; null if there is none.</summary>
    public string? Problem(int row) => _problems[row];

    private sealed class RowTokens : IVectorSink
    {
        private readonly List<float> _values = [];

        public ReadOnlySpan<float> Values => CollectionsMarshal.AsSpan(_values);

        public Span<float> Add(int floats)
        {
            CollectionsMarshal.SetCount(_values, _values.Count + floats);
            return CollectionsMarshal.AsSpan(_values)[^floats..];
        }

        public bool Take<T>(ReadOnlySpan<T> vectors, int dimensions)
            where T : unmanaged
        {
            Span<float> own = Add(vectors.Length);
            if (typeof(T) == typeof(Half))
            {
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<T, Half>(vectors), own);
            }
            else
            {
                MemoryMarshal.Cast<T, float>(vectors).CopyTo(own);
            }

            return TensorPrimitives.IsFiniteAll<float>(own);
        }
    }
}
