using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Training;

/// <summary>
/// The result of a pass over rows: counts and integer sums by code, the integer sum of errors, the worst-served rows.
/// Parts of a pass can be merged in any order, with the same result.
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
    /// <param name="worst">Number of worst-served rows to keep.</param>
    /// <param name="countOnly">Whether vector sums are omitted (a pass without update).</param>
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

    /// <summary>[k] rows assigned to each code.</summary>
    public long[] Counts { get; }

    /// <summary>[k, d] vector sums at the level's scale; empty if only counts were requested.</summary>
    public long[] Sums { get; }

    /// <summary>Number of rows.</summary>
    public long Rows { get; private set; }

    /// <summary>The sum of errors at the level's scale.</summary>
    public Int128 Error { get; private set; }

    /// <summary>The worst-served rows.</summary>
    public WorstServed Worst { get; }

    /// <summary>Adds assigned rows.</summary>
    /// <param name="rows">[n, d] row-major.</param>
    /// <param name="codes">[n].</param>
    /// <param name="errors">[n].</param>
    /// <param name="ids">Returns the id of a row in the block.</param>
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

    /// <summary>Adds one code's part of the sums.</summary>
    public void AddCode(int code, long count, ReadOnlySpan<long> sums)
    {
        Counts[code] += count;
        for (int t = 0; t < sums.Length; t++)
        {
            Sums[(code * _dims) + t] += sums[t];
        }
    }

    /// <summary>Adds a part's row count and error.</summary>
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

    /// <summary>The mean error per row; 0 without rows.</summary>
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
            // Lambdas cannot capture pointers from a fixed statement; the integers are valid until it ends.
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

    // The rows of a code are scattered in memory; prefetching hides the latency.
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

    // A code's sums stay in the L1 cache while its rows are added one after another; all sums together exceed the L2 cache.
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

    // Slices begin at multiples of 16, so that they consist of whole vectors.
    private int Edge(int slice, int slices) => slice == slices ? _dims : _dims / 16 * slice / slices * 16;
}

/// <summary>The scales of a level's integer sums (docs/method/rq-kmeans.md, "Levels").</summary>
/// <param name="Rows">n.</param>
/// <param name="Dims">d.</param>
/// <param name="MaxAbs">M, the maximum absolute value in all rows.</param>
public sealed record LevelScales(long Rows, int Dims, float MaxAbs)
{
    /// <summary>The scale of vector sums.</summary>
    public FixedPoint Vectors { get; } = FixedPoint.ForSums(Rows, MaxAbs);

    /// <summary>The scale of error sums.</summary>
    public FixedPoint Errors { get; } = FixedPoint.ForErrors(Dims, MaxAbs);
}
