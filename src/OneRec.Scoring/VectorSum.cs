using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace OneRec.Scoring;

/// <summary>
/// A running sum of vectors in double, in the order given: the same bits whatever the batch or thread. Float16 is widened
/// a vector at a time, exactly.
/// </summary>
/// <param name="d">Floats of a vector, at least 1.</param>
internal sealed class VectorSum(int d)
{
    private readonly double[] _sum = new double[d];
    private float[]? _wide;
    private int _count;

    /// <summary>Whether all that was added is finite: a sum in double of finite floats is.</summary>
    public bool IsFinite => TensorPrimitives.IsFiniteAll<double>(_sum);

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

    /// <summary>Begins anew, in the same memory.</summary>
    public void Clear()
    {
        _sum.AsSpan().Clear();
        _count = 0;
    }

    /// <summary>The mean of what was added, rounded to float once.</summary>
    /// <param name="mean">Out [d].</param>
    public void Mean(Span<float> mean)
    {
        for (int t = 0; t < _sum.Length; t++)
        {
            mean[t] = (float)(_sum[t] / _count);
        }
    }

    // Every dimension has a sum of its own, so wide registers change no order and no bit.
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
