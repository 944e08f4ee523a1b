using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>
/// Integer sums of unit vectors by first code; partial sums can be merged in any order. The mean cosine of all pairs in a
/// group of n is (|sum|^2 - n) / (n (n - 1)), so pairs are not enumerated.
/// </summary>
/// <param name="dims">Dimensions of a vector.</param>
/// <param name="rows">Maximum rows of all parts together; determines the scale.</param>
public sealed class DirectionSums(int dims, long rows)
{
    private readonly SortedDictionary<int, (long Items, long[] Sums)> _groups = [];
    private readonly FixedPoint _scale = FixedPoint.ForSums(rows, 1);

    /// <summary>The mean cosine of all pairs of items with the same first code; null if there is no such pair.</summary>
    public double? WithinGroups
    {
        get
        {
            double cosines = 0;
            double pairs = 0;
            foreach ((long items, long[] sums) in _groups.Values)
            {
                cosines += Square(sums) - items;
                pairs += (double)items * (items - 1);
            }

            return pairs == 0 ? null : cosines / pairs;
        }
    }

    /// <summary>The mean cosine of all pairs of items, the baseline; null with fewer than two items.</summary>
    public double? OfAll
    {
        get
        {
            double items = _groups.Values.Sum(g => g.Items);
            var all = new long[dims];
            foreach ((_, long[] sums) in _groups.Values)
            {
                for (int t = 0; t < dims; t++)
                {
                    all[t] += sums[t];
                }
            }

            return items < 2 ? null : (Square(all) - items) / (items * (items - 1));
        }
    }

    internal static Schema Output { get; } = new(
        [
            new Field("code", Int32Type.Default, nullable: false),
            new Field("items", Int64Type.Default, nullable: false),
            new Field("sums", ListColumns.TypeOf(Int64Type.Default), nullable: false),
        ],
        null);

    /// <summary>Adds a vector; a zero vector has no direction and is ignored.</summary>
    /// <param name="code">The first code.</param>
    /// <param name="vector">[dims], finite.</param>
    public void Add(int code, ReadOnlySpan<float> vector)
    {
        double norm = Math.Sqrt(ExactDistance.OfOrigin(vector));
        if (norm == 0)
        {
            return;
        }

        (long items, long[] sums) = _groups.TryGetValue(code, out (long, long[]) there) ? there : (0, new long[dims]);
        for (int t = 0; t < dims; t++)
        {
            sums[t] += _scale.Quantize(vector[t] / norm);
        }

        _groups[code] = (items + 1, sums);
    }

    /// <summary>Adds the rows of partial sums.</summary>
    public void Read(IEnumerable<RecordBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                var code = (Int32Array)batch.Column(0);
                var items = (Int64Array)batch.Column(1);
                var lists = (ListArray)batch.Column(2);
                ReadOnlySpan<long> values = ((Int64Array)lists.Values).Values;
                for (int row = 0; row < batch.Length; row++)
                {
                    (long n, long[] sums) = _groups.TryGetValue(code.Values[row], out (long, long[]) there) ? there : (0, new long[dims]);
                    ReadOnlySpan<long> part = values.Slice(lists.ValueOffsets[row], dims);
                    for (int t = 0; t < dims; t++)
                    {
                        sums[t] += part[t];
                    }

                    _groups[code.Values[row]] = (n + items.Values[row], sums);
                }
            }
        }
    }

    /// <summary>Writes these sums as rows, in batches of bounded size.</summary>
    internal IEnumerable<RecordBatch> Write()
    {
        int rowsOfBatch = Math.Max(1, (16 << 20) / (dims * sizeof(long)));
        foreach (KeyValuePair<int, (long Items, long[] Sums)>[] some in _groups.Chunk(rowsOfBatch))
        {
            int[] offsets = [.. Enumerable.Range(0, some.Length + 1).Select(i => i * dims)];
            yield return new RecordBatch(
                Output,
                [
                    new Int32Array.Builder().AppendRange(some.Select(g => g.Key)).Build(),
                    new Int64Array.Builder().AppendRange(some.Select(g => g.Value.Items)).Build(),
                    ListColumns.Longs([.. some.SelectMany(g => g.Value.Sums)], offsets),
                ],
                some.Length);
        }
    }

    private double Square(long[] sums)
    {
        double square = 0;
        foreach (long sum in sums)
        {
            double value = _scale.ToDouble(sum);
            square += value * value;
        }

        return square;
    }
}
