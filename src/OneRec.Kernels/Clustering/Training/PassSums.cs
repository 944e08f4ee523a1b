using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Training;

/// <summary>
/// What one pass over rows gives: counts and integer sums by code, the integer sum of errors, the worst-served rows.
/// Parts of a pass add up to the same, in any order.
/// </summary>
public sealed class PassSums
{
    private const int FetchAhead = 2;

    private readonly FixedPoint _vectors;
    private readonly FixedPoint _errors;
    private readonly int _dims;

    /// <summary>Empty sums.</summary>
    /// <param name="codes">k.</param>
    /// <param name="scales">The level's scales.</param>
    /// <param name="worst">Worst-served rows to keep.</param>
    /// <param name="countOnly">Whether sums of vectors are left out (a pass without update).</param>
    public PassSums(int codes, LevelScales scales, int worst, bool countOnly = false)
    {
        ArgumentNullException.ThrowIfNull(scales);
        _dims = scales.Dims;
        _vectors = scales.Vectors;
        _errors = scales.Errors;
        Counts = new long[codes];
        Sums = countOnly ? [] : new long[checked(codes * _dims)];
        Worst = new WorstServed(worst);
    }

    /// <summary>[k] rows of each code.</summary>
    public long[] Counts { get; }

    /// <summary>[k, d] sums of vectors at the level's scale; empty where only counts were wanted.</summary>
    public long[] Sums { get; }

    /// <summary>Rows.</summary>
    public long Rows { get; private set; }

    /// <summary>The sum of errors at the level's scale.</summary>
    public Int128 Error { get; private set; }

    /// <summary>The worst-served rows.</summary>
    public WorstServed Worst { get; }

    /// <summary>Adds rows that were assigned.</summary>
    /// <param name="rows">[n, d] row-major.</param>
    /// <param name="codes">[n].</param>
    /// <param name="errors">[n].</param>
    /// <param name="ids">Gives the id of a row of the block.</param>
    /// <param name="threads">Threads to use; each takes a slice of the dimensions.</param>
    public void Add(
        ReadOnlySpan<float> rows,
        ReadOnlySpan<int> codes,
        ReadOnlySpan<double> errors,
        Func<int, ItemId> ids,
        int threads)
    {
        ArgumentNullException.ThrowIfNull(ids);
        int n = codes.Length;
        double errorScale = _errors.Scale;
        for (int i = 0; i < n; i++)
        {
            Counts[codes[i]]++;
            Error += (long)Math.Round(errors[i] * errorScale, MidpointRounding.ToEven);
            if (Worst.Wants(errors[i]))
            {
                Worst.Offer(errors[i], ids(i), rows.Slice(i * _dims, _dims));
            }
        }

        Rows += n;
        if (Sums.Length > 0)
        {
            AddVectors(rows, codes, threads);
        }
    }

    /// <summary>Adds one code's part.</summary>
    public void AddCode(int code, long count, ReadOnlySpan<long> sums)
    {
        Counts[code] += count;
        for (int t = 0; t < sums.Length; t++)
        {
            Sums[(code * _dims) + t] += sums[t];
        }
    }

    /// <summary>Adds a part's rows and errors.</summary>
    public void AddTotal(long rows, Int128 error)
    {
        Rows += rows;
        Error += error;
    }

    /// <summary>Adds another part of the pass.</summary>
    public void Add(PassSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int code = 0; code < Counts.Length; code++)
        {
            Counts[code] += other.Counts[code];
        }

        for (int i = 0; i < Sums.Length; i++)
        {
            Sums[i] += other.Sums[i];
        }

        AddTotal(other.Rows, other.Error);
        Worst.Merge(other.Worst);
    }

    /// <summary>The mean error a row; 0 without rows.</summary>
    public double Objective => Rows == 0 ? 0 : _errors.ToDouble(Error) / Rows;

    private unsafe void AddVectors(ReadOnlySpan<float> rows, ReadOnlySpan<int> codes, int threads)
    {
        int n = codes.Length;
        int slices = Math.Max(1, Math.Min(threads, _dims / 16));
        int next = 0;
        double scale = _vectors.Scale;
        int[] order = ByCode(codes);
        fixed (float* r = rows)
        fixed (int* c = codes)
        {
            // Lambdas cannot hold pointers of a fixed statement; the integers are valid until it ends.
            nint rowsAt = (nint)r, codesAt = (nint)c;
            Workers.Run(slices, () =>
            {
                for (int slice; (slice = Interlocked.Increment(ref next) - 1) < slices;)
                {
                    int from = Edge(slice, slices), width = Edge(slice + 1, slices) - from;
                    for (int at = 0; at < n; at++)
                    {
                        int i = order[at];
                        Fetch((float*)rowsAt + ((long)order[Math.Min(at + FetchAhead, n - 1)] * _dims) + from, width);
                        FixedPoint.Add(
                            new ReadOnlySpan<float>((float*)rowsAt + ((long)i * _dims) + from, width),
                            Sums.AsSpan((((int*)codesAt)[i] * _dims) + from, width),
                            scale);
                    }
                }
            });
        }
    }

    // Rows of a code lie anywhere: without a word ahead each would be waited for.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Fetch(float* row, int width)
    {
        if (Sse.IsSupported)
        {
            for (int t = 0; t < width; t += 16)
            {
                Sse.Prefetch0(row + t);
            }
        }
    }

    // A code's sums stay in the first cache while its rows come one after the other; all sums do not fit in the second.
    private int[] ByCode(ReadOnlySpan<int> codes)
    {
        var next = new int[Counts.Length];
        foreach (int code in codes)
        {
            next[code]++;
        }

        int before = 0;
        foreach (ref int place in next.AsSpan())
        {
            (place, before) = (before, before + place);
        }

        var order = new int[codes.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            order[next[codes[i]]++] = i;
        }

        return order;
    }

    // Slices begin at multiples of 16, so that they are whole vectors.
    private int Edge(int slice, int slices) => slice == slices ? _dims : _dims / 16 * slice / slices * 16;
}
