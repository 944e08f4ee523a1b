using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using OneRec.Core;

namespace OneRec.Kernels.Clustering.Training;

/// <summary>
/// Greedy k-means++ (Arthur and Vassilvitskii 2007, several candidates per step) over a sample, with integer weights, so
/// that every machine draws the same rows (docs/method/rq-kmeans.md, "Init").
/// </summary>
public sealed class KMeansPlusPlus
{
    /// <summary>Candidates per step.</summary>
    public const int Candidates = 8;

    // 8 sums, a point and a difference of this width fit in the registers of every x64 machine.
    private const int Lanes = 8;

    // Dimensions between two checks for an early exit from a tile.
    private const int Stretch = 32;

    private readonly int _m;
    private readonly int _dims;
    private readonly int _tiles;
    private readonly double _scale;
    private readonly float[] _points;
    private readonly float[] _enough;
    private readonly int _threads;

    /// <summary>Prepares a sample.</summary>
    /// <param name="sample">[m] rows of d numbers, in id order, finite, m at least 1.</param>
    /// <param name="dims">d.</param>
    /// <param name="threads">Threads to use; the draws do not depend on it.</param>
    public KMeansPlusPlus(IReadOnlyList<float[]> sample, int dims, int threads)
    {
        ArgumentNullException.ThrowIfNull(sample);
        _m = sample.Count;
        _dims = dims;
        _tiles = (_m + Lanes - 1) / Lanes;
        _threads = threads;
        _scale = Math.ScaleB(1.0, 60 - FixedPoint.CeilLog2((long)_m) - FixedPoint.CeilLog2((long)dims));
        _points = Pack(sample);
        _enough = new float[_tiles * Lanes];
    }

    /// <summary>Chooses rows of the sample.</summary>
    /// <param name="codes">Number of rows to choose, at least 1.</param>
    /// <param name="random">The level's generator.</param>
    /// <param name="cancellation">Checked between steps.</param>
    /// <returns>Indices in the order chosen; fewer if all other rows of the sample equal chosen ones.</returns>
    public IReadOnlyList<int> Choose(int codes, SplitMix64 random, CancellationToken cancellation = default)
    {
        var chosen = new List<int>(codes) { (int)random.NextBelow(_m) };
        long[][] weights = [.. Enumerable.Range(0, Candidates + 1).Select(_ => new long[_tiles * Lanes])];
        weights[Candidates].AsSpan(0, _m).Fill(long.MaxValue);
        _enough.AsSpan().Fill(float.PositiveInfinity);
        Weigh([.. Enumerable.Repeat(chosen[0], Candidates)], weights);
        Take(0, weights);
        while (chosen.Count < codes)
        {
            cancellation.ThrowIfCancellationRequested();
            long total = 0;
            foreach (long weight in weights[Candidates])
            {
                total += weight;
            }

            if (total == 0)
            {
                break;
            }

            int[] candidates = Draw(weights[Candidates], total, ref random);
            long[] sums = Weigh(candidates, weights);
            int best = Array.IndexOf(sums, sums.Min());
            Take(best, weights);
            chosen.Add(candidates[best]);
        }

        return chosen;
    }

    // Makes the candidate's weights the current ones. A distance of _enough or more cannot change a row's weight.
    private void Take(int candidate, long[][] weights)
    {
        (weights[candidate], weights[Candidates]) = (weights[Candidates], weights[candidate]);
        double unit = 1 / _scale;
        for (int i = 0; i < _m; i++)
        {
            // Rounded up by more than the error of the division.
            _enough[i] = MathF.BitIncrement((float)(weights[Candidates][i] * unit));
        }

        _enough.AsSpan(_m).Clear();
    }

    private static int[] Draw(long[] weights, long total, ref SplitMix64 random)
    {
        var targets = new (long Target, int Draw)[Candidates];
        for (int draw = 0; draw < Candidates; draw++)
        {
            targets[draw] = (random.NextBelow(total), draw);
        }

        Array.Sort(targets);
        var candidates = new int[Candidates];
        long running = 0;
        int next = 0;
        for (int i = 0; i < weights.Length && next < Candidates; i++)
        {
            running += weights[i];
            for (; next < Candidates && targets[next].Target < running; next++)
            {
                candidates[targets[next].Draw] = i;
            }
        }

        return candidates;
    }

    // [tiles, d, 8]: a lane is a row, so a row's sum runs over t in order. Padding rows have weight 0.
    private float[] Pack(IReadOnlyList<float[]> sample)
    {
        float greatest = 0;
        foreach (float[] row in sample)
        {
            foreach (float value in row)
            {
                greatest = Math.Max(greatest, Math.Abs(value));
            }
        }

        double unit = greatest == 0 ? 0 : Math.ScaleB(1.0, -FixedPoint.CeilLog2(greatest));
        var points = new float[checked(_tiles * _dims * Lanes)];
        for (int i = 0; i < _m; i++)
        {
            Span<float> lane = points.AsSpan((i / Lanes * _dims * Lanes) + (i % Lanes));
            ReadOnlySpan<float> row = sample[i];
            for (int t = 0; t < _dims; t++)
            {
                lane[t * Lanes] = (float)(row[t] * unit);
            }
        }

        return points;
    }

    // For each candidate j: weights[j] = min(weights[last], distances to j). Returns the sums.
    private long[] Weigh(int[] candidates, long[][] weights)
    {
        var sums = new long[Candidates];
        var at = new float[_dims * Candidates];
        for (int t = 0; t < _dims; t++)
        {
            for (int j = 0; j < Candidates; j++)
            {
                int row = candidates[j];
                at[(t * Candidates) + j] = _points[(((row / Lanes * _dims) + t) * Lanes) + (row % Lanes)];
            }
        }

        int pieces = Math.Max(1, Math.Min(_threads, _tiles / 8));
        int next = 0;
        Workers.Run(pieces, () =>
        {
            for (int piece; (piece = Interlocked.Increment(ref next) - 1) < pieces;)
            {
                var part = new long[Candidates];
                int end = (int)((long)_tiles * (piece + 1) / pieces);
                for (int tile = (int)((long)_tiles * piece / pieces); tile < end; tile++)
                {
                    WeighTile(tile, at, weights, part);
                }

                for (int j = 0; j < Candidates; j++)
                {
                    Interlocked.Add(ref sums[j], part[j]);
                }
            }
        });
        return sums;
    }

    private unsafe void WeighTile(int tile, float[] at, long[][] weights, long[] part)
    {
        float* distances = stackalloc float[Candidates * Lanes];
        fixed (float* points = &_points[tile * _dims * Lanes], candidates = at, enough = &_enough[tile * Lanes])
        {
            Distances(points, candidates, _dims, Vector256.Load(enough), distances);
        }

        for (int j = 0; j < Candidates; j++)
        {
            UpdateWeights(tile, new ReadOnlySpan<float>(distances + (j * Lanes), Lanes), weights, j, part);
        }
    }

    // Calls no method: around a call, the sums would be spilled to the stack at every step.
    // A sum of squares never decreases, even when rounded: once every sum is large enough, the other dimensions change nothing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Distances(float* points, float* candidates, int dims, Vector256<float> enough, float* distances)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        Vector256<float> s4 = default, s5 = default, s6 = default, s7 = default;
        float* c = candidates;
        float* end = points + ((long)dims * Lanes);
        while (points < end)
        {
            float* stop = points + (Stretch * Lanes);
            for (stop = stop < end ? stop : end; points < stop; points += Lanes, c += Candidates)
            {
                Vector256<float> point = Vector256.Load(points);
                s0 = Squared(point, c, s0);
                s1 = Squared(point, c + 1, s1);
                s2 = Squared(point, c + 2, s2);
                s3 = Squared(point, c + 3, s3);
                s4 = Squared(point, c + 4, s4);
                s5 = Squared(point, c + 5, s5);
                s6 = Squared(point, c + 6, s6);
                s7 = Squared(point, c + 7, s7);
            }

            Vector256<float> least = Vector256.MinNative(
                Vector256.MinNative(Vector256.MinNative(s0, s1), Vector256.MinNative(s2, s3)),
                Vector256.MinNative(Vector256.MinNative(s4, s5), Vector256.MinNative(s6, s7)));
            if (Vector256.GreaterThanOrEqualAll(least, enough))
            {
                break;
            }
        }

        s0.Store(distances);
        s1.Store(distances + Lanes);
        s2.Store(distances + (2 * Lanes));
        s3.Store(distances + (3 * Lanes));
        s4.Store(distances + (4 * Lanes));
        s5.Store(distances + (5 * Lanes));
        s6.Store(distances + (6 * Lanes));
        s7.Store(distances + (7 * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<float> Squared(Vector256<float> point, float* candidate, Vector256<float> sum)
    {
        Vector256<float> difference = point - (Avx.IsSupported
            ? Avx.BroadcastScalarToVector256(candidate)
            : Vector256.Create(*candidate));
        return Vector256.FusedMultiplyAdd(difference, difference, sum);
    }

    private void UpdateWeights(int tile, ReadOnlySpan<float> distances, long[][] weights, int candidate, long[] part)
    {
        int rows = Math.Min(Lanes, _m - (tile * Lanes));
        ReadOnlySpan<long> before = weights[Candidates].AsSpan(tile * Lanes, rows);
        Span<long> after = weights[candidate].AsSpan(tile * Lanes, rows);
        long sum = 0;
        for (int lane = 0; lane < rows; lane++)
        {
            after[lane] = Math.Min(before[lane], FixedPoint.Nearest(distances[lane] * _scale));
            sum += after[lane];
        }

        part[candidate] += sum;
    }
}
