using System.Numerics;
using System.Runtime.InteropServices;

namespace OneRec.Kernels.Ranking;

/// <summary>How near every item is to one of them: a ranking for each item.</summary>
public interface IItemScores
{
    /// <summary>Number of items.</summary>
    int Items { get; }

    /// <summary>The scores of all items for one; thread-safe.</summary>
    /// <param name="item">The item.</param>
    /// <param name="scores">Out [items]; higher is nearer.</param>
    void Score(int item, Span<float> scores);
}

/// <summary>Cosines of vectors.</summary>
public sealed class VectorScores : IItemScores
{
    private readonly float[] _vectors;
    private readonly int _d;

    /// <summary>Takes vectors; they are scaled to length 1 in place. A zero vector stays zero.</summary>
    /// <param name="vectors">[items, d] row-major.</param>
    /// <param name="d">Length of a vector.</param>
    public VectorScores(float[] vectors, int d)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        (_vectors, _d) = (vectors, d);
        for (int item = 0; item < Items; item++)
        {
            Span<float> own = vectors.AsSpan(item * d, d);
            double squares = 0;
            foreach (float value in own)
            {
                squares += (double)value * value;
            }

            float scale = squares > 0 ? (float)(1 / Math.Sqrt(squares)) : 0;
            foreach (ref float value in own)
            {
                value *= scale;
            }
        }
    }

    /// <inheritdoc/>
    public int Items => _vectors.Length / _d;

    /// <inheritdoc/>
    public void Score(int item, Span<float> scores)
    {
        ReadOnlySpan<float> own = _vectors.AsSpan(item * _d, _d);
        for (int other = 0; other < scores.Length; other++)
        {
            scores[other] = Dot(own, _vectors.AsSpan(other * _d, _d));
        }
    }

    // Four sums, so that additions need not wait for each other.
    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int width = Vector<float>.Count;
        ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(a);
        ReadOnlySpan<Vector<float>> y = MemoryMarshal.Cast<float, Vector<float>>(b);
        Vector<float> first = default;
        Vector<float> second = default;
        Vector<float> third = default;
        Vector<float> fourth = default;
        int i = 0;
        for (; i + 3 < x.Length && i + 3 < y.Length; i += 4)
        {
            first += x[i] * y[i];
            second += x[i + 1] * y[i + 1];
            third += x[i + 2] * y[i + 2];
            fourth += x[i + 3] * y[i + 3];
        }

        for (; i < x.Length; i++)
        {
            first += x[i] * y[i];
        }

        float sum = Vector.Sum(first + second + (third + fourth));
        for (int rest = x.Length * width; rest < a.Length; rest++)
        {
            sum += a[rest] * b[rest];
        }

        return sum;
    }
}

/// <summary>The same scores for every item, such as how often an item was clicked.</summary>
/// <param name="scores">[items].</param>
public sealed class FixedScores(float[] scores) : IItemScores
{
    private readonly float[] _scores = scores;

    /// <inheritdoc/>
    public int Items => _scores.Length;

    /// <inheritdoc/>
    public void Score(int item, Span<float> scores) => _scores.CopyTo(scores);
}
