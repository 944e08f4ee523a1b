using System.Numerics;
using System.Runtime.InteropServices;

namespace OneRec.Kernels.Clustering;

/// <summary>
/// Distributes the items of one prefix over the codes of the last level, with a maximum number of items per code
/// (docs/method/rq-kmeans.md, "Capacity"). The result is as if all (item, code) pairs were visited in the order of
/// (distance, item, code) and each unassigned item took the first code with free capacity.
/// </summary>
/// <remarks>
/// The list of all pairs is never built. A heap holds each item with its nearest code that had capacity when it was
/// pushed. If that code is full when the item is popped, the item is pushed again with its nearest code that still has
/// capacity. A full code stays full, so items take their codes in the order of the list.
/// </remarks>
public sealed class CapacityWalk
{
    private readonly float[] _centroids;
    private readonly int _dims;
    private readonly int _codes;
    private readonly long _capacity;
    private readonly float[] _byNumber;
    private readonly double[] _distances;

    /// <summary>Prepares a level.</summary>
    /// <param name="centroids">[k, dims] row-major; not copied.</param>
    /// <param name="dims">Dimensions of a vector.</param>
    /// <param name="capacity">Maximum items per code, at least 1.</param>
    public CapacityWalk(float[] centroids, int dims, long capacity)
    {
        ArgumentNullException.ThrowIfNull(centroids);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _centroids = centroids;
        _dims = dims;
        _codes = centroids.Length / dims;
        _capacity = capacity;
        _byNumber = new float[centroids.Length];
        _distances = new double[_codes];
        for (int code = 0; code < _codes; code++)
        {
            for (int t = 0; t < dims; t++)
            {
                _byNumber[(t * _codes) + code] = centroids[(code * dims) + t];
            }
        }
    }

    /// <summary>Assigns codes to items.</summary>
    /// <param name="rows">[n, dims] the residual of each item after the levels before, items in id order.</param>
    /// <param name="nearest">[n] the nearest code of each item.</param>
    /// <param name="held">[k] items that each code already holds; updated.</param>
    /// <param name="codes">Out [n]; -1 if no code had capacity left.</param>
    /// <param name="errors">Out [n] the distance to the assigned code, or to the nearest if there is none.</param>
    /// <param name="cancellation">Checked between items.</param>
    public void Fill(
        ReadOnlySpan<float> rows,
        ReadOnlySpan<int> nearest,
        Span<long> held,
        Span<int> codes,
        Span<double> errors,
        CancellationToken cancellation = default)
    {
        var heap = new PriorityQueue<(int Item, int Code), (double Distance, int Item)>();
        for (int item = 0; item < nearest.Length; item++)
        {
            errors[item] = ExactDistance.Of(Row(rows, item), _centroids.AsSpan(nearest[item] * _dims, _dims));
            codes[item] = -1;
            heap.Enqueue((item, nearest[item]), (errors[item], item));
        }

        while (heap.TryDequeue(out (int Item, int Code) next, out (double Distance, int Item) at))
        {
            if (held[next.Code] < _capacity)
            {
                held[next.Code]++;
                codes[next.Item] = next.Code;
                errors[next.Item] = at.Distance;
                continue;
            }

            cancellation.ThrowIfCancellationRequested();
            int open = NearestWithRoom(Row(rows, next.Item), held);
            if (open >= 0)
            {
                heap.Enqueue((next.Item, open), (_distances[open], next.Item));
            }
        }
    }

    private ReadOnlySpan<float> Row(ReadOnlySpan<float> rows, int item) => rows.Slice(item * _dims, _dims);

    private int NearestWithRoom(ReadOnlySpan<float> row, ReadOnlySpan<long> held)
    {
        Distances(row);
        int best = -1;
        for (int code = 0; code < _codes; code++)
        {
            if (held[code] < _capacity && (best < 0 || _distances[code] < _distances[best]))
            {
                best = code;
            }
        }

        return best;
    }

    // Many codes at once. Each sum runs over t ascending, as the definition requires; multiply and add are not fused.
    private void Distances(ReadOnlySpan<float> row)
    {
        Array.Clear(_distances);
        int wide = Vector<double>.Count;
        Span<Vector<double>> sums = MemoryMarshal.Cast<double, Vector<double>>(_distances.AsSpan());
        for (int t = 0; t < _dims; t++)
        {
            ReadOnlySpan<float> numbers = _byNumber.AsSpan(t * _codes, _codes);
            var value = new Vector<double>(row[t]);
            int code = 0;
            for (int s = 0; code <= _codes - (2 * wide); code += 2 * wide, s += 2)
            {
                Vector.Widen(new Vector<float>(numbers[code..]), out Vector<double> low, out Vector<double> high);
                low = value - low;
                high = value - high;
                sums[s] += low * low;
                sums[s + 1] += high * high;
            }

            for (; code < _codes; code++)
            {
                double difference = (double)row[t] - numbers[code];
                _distances[code] += difference * difference;
            }
        }
    }
}
