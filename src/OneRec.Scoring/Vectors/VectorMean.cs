using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace OneRec.Scoring.Vectors;

/// <summary>Means of vectors, summed in double in the order given: the same bits for any batch or thread.</summary>
public static class VectorMean
{
    /// <summary>The mean of n vectors.</summary>
    /// <param name="vectors">[n, d] row-major, n at least 1.</param>
    /// <param name="d">Dimensions, at least 1.</param>
    /// <param name="mean">Out [d].</param>
    /// <exception cref="ArgumentException">Lengths do not match.</exception>
    public static void Of(ReadOnlySpan<float> vectors, int d, Span<float> mean)
    {
        if (d < 1 || mean.Length != d || vectors.Length == 0 || vectors.Length % d != 0)
        {
            throw new ArgumentException($"{vectors.Length} floats are not vectors of {d} with a mean of {mean.Length}");
        }

        var sum = new VectorSum(d);
        for (int start = 0; start < vectors.Length; start += d)
        {
            sum.Add(vectors.Slice(start, d));
        }

        sum.Mean(mean);
    }

    /// <summary>Scales a vector to a length; its norm is computed in double.</summary>
    /// <param name="vector">In and out [d].</param>
    /// <param name="length">The new length.</param>
    /// <returns>False, with the vector unchanged, if it is zero and so has no direction.</returns>
    public static bool ScaleTo(Span<float> vector, double length)
    {
        double square = 0;
        foreach (float x in vector)
        {
            square += (double)x * x;
        }

        if (square == 0)
        {
            return false;
        }

        double factor = length / Math.Sqrt(square);
        for (int t = 0; t < vector.Length; t++)
        {
            vector[t] = (float)(vector[t] * factor);
        }

        return true;
    }
}

/// <summary>
/// A running sum of vectors in double, in the order given: the same bits for any batch or thread. Float16 vectors are
/// widened exactly, one at a time.
/// </summary>
/// <param name="d">Dimensions, at least 1.</param>
internal sealed class VectorSum(int d) : IVectorSink
{
    private readonly double[] _sum = new double[d];
    private float[]? _wide;
    private int _count;

    /// <summary>Whether all vectors added are finite; a sum of finite floats in double always is.</summary>
    public bool IsFinite => TensorPrimitives.IsFiniteAll<double>(_sum);

    /// <inheritdoc/>
    public bool Take<T>(ReadOnlySpan<T> vectors, int dimensions)
        where T : unmanaged
    {
        for (int start = 0; start < vectors.Length; start += dimensions)
        {
            Add(vectors.Slice(start, dimensions));
        }

        return IsFinite;
    }

    /// <summary>Adds a vector.</summary>
    /// <typeparam name="T">Float or <see cref="Half"/>.</typeparam>
    /// <param name="vector">[d].</param>
    public void Add<T>(ReadOnlySpan<T> vector)
        where T : unmanaged
    {
        if (typeof(T) == typeof(Half))
        {
            _wide ??= new float[d];
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<T, Half>(vector), _wide);
            AddWide(_wide);
        }
        else
        {
            AddWide(MemoryMarshal.Cast<T, float>(vector));
        }

        _count++;
    }

    /// <summary>Resets the sum.</summary>
    public void Clear()
    {
        _sum.AsSpan().Clear();
        _count = 0;
    }

    /// <summary>The mean of the vectors added, rounded to float once.</summary>
    /// <param name="mean">Out [d].</param>
    public void Mean(Span<float> mean)
    {
        for (int t = 0; t < _sum.Length; t++)
        {
            mean[t] = (float)(_sum[t] / _count);
        }
    }

    // Every dimension has its own sum, so wide registers do not change the order or the bits.
    private void AddWide(ReadOnlySpan<float> vector)
    {
        Span<double> sum = _sum;
        int t = 0;
        for (; t <= sum.Length - Vector<float>.Count; t += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(vector[t..]), out Vector<double> low, out Vector<double> high);
            Span<double> first = sum[t..];
            Span<double> second = sum[(t + Vector<double>.Count)..];
            (new Vector<double>(first) + low).CopyTo(first);
            (new Vector<double>(second) + high).CopyTo(second);
        }

        for (; t < sum.Length; t++)
        {
            sum[t] += vector[t];
        }
    }
}
