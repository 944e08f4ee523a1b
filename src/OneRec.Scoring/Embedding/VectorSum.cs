using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace OneRec.Scoring.Embedding;

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

    /// <summary>Adds a vector.</summary>
    /// <typeparam name="T">Float or <see cref="Half"/>.</typeparam>
    /// <param name="vector">[d].</param>
    /// <param name="place">Where the first value that is not finite stands; 0 where all are.</param>
    /// <param name="value">That value.</param>
    /// <returns>False, and nothing added, where a value is NaN or infinity.</returns>
    public bool TryAdd<T>(ReadOnlySpan<T> vector, out int place, out float value)
        where T : unmanaged
    {
        ReadOnlySpan<float> floats;
        if (typeof(T) == typeof(Half))
        {
            _wide ??= new float[d];
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<T, Half>(vector), _wide);
            floats = _wide;
        }
        else
        {
            floats = MemoryMarshal.Cast<T, float>(vector);
        }

        (place, value) = (0, 0);
        if (!TensorPrimitives.IsFiniteAll(floats))
        {
            while (float.IsFinite(floats[place]))
            {
                place++;
            }

            value = floats[place];
            return false;
        }

        Add(floats);
        _count++;
        return true;
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
    private void Add(ReadOnlySpan<float> vector)
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
