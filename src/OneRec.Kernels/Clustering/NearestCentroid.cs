using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OneRec.Kernels.Clustering.Nearest;

namespace OneRec.Kernels.Clustering;

/// <summary>
/// Finds the nearest centroid of each row by squared Euclidean distance (OneRec Technical Report 2.1, RQ-KMeans), exactly:
/// the argmin of <see cref="ExactDistance"/>, ties to the lowest code.
/// </summary>
/// <remarks>
/// FP32 scores from register tiles only screen. If a row's best score leads by more than the proven bound
/// (<see cref="ScreeningBound"/>), the row is decided; otherwise the remaining candidates are rescored with the exact
/// distance. So the result does not depend on the instruction set, the threads, or a row's place in the block.
/// </remarks>
public sealed unsafe class NearestCentroid : IDisposable
{
    // A block of packed rows should stay in a core's L2 cache while all panels are processed.
    private const int BlockBytes = 448 << 10;
    private const int BlockRows = 192;

    private readonly float[] _centroids;
    private readonly PackedCentroids _packed;
    private readonly ScreeningBound _bound;
    private readonly ScreeningPath _path;
    private readonly int _blockRows;
    private readonly ConcurrentBag<BlockScratch> _scratch = [];

    /// <summary>Prepares a set of centroids.</summary>
    /// <param name="centroids">[k, dims] row-major, finite, k at least 1. Not copied.</param>
    /// <param name="dims">Dimensions of a vector, 1 to 2^20.</param>
    /// <param name="path">The instruction set used for screening.</param>
    /// <exception cref="ArgumentException">Array lengths do not match.</exception>
    public NearestCentroid(float[] centroids, int dims, ScreeningPath path = ScreeningPath.Automatic)
    {
        ArgumentNullException.ThrowIfNull(centroids);
        if (dims is < 1 or > 1 << 20 || centroids.Length == 0 || centroids.Length % dims != 0)
        {
            throw new ArgumentException($"{centroids.Length} numbers are not a multiple of {dims} dimensions", nameof(centroids));
        }

        _centroids = centroids;
        _path = ScreeningPaths.Resolve(path);
        Dims = dims;
        Codes = centroids.Length / dims;
        _packed = new PackedCentroids(centroids, dims, _path switch
        {
            ScreeningPath.Avx512 => Tile512.Codes,
            ScreeningPath.Avx2 => Tile256.Codes,
            _ => Tile128.Codes,
        });
        _bound = new ScreeningBound(dims, _packed.Norm);
        _blockRows = Math.Clamp(BlockBytes / (dims * sizeof(float)) / 12 * 12, 12, BlockRows);
    }

    /// <summary>Dimensions of a vector.</summary>
    public int Dims { get; }

    /// <summary>Number of centroids.</summary>
    public int Codes { get; }

    /// <summary>Rows so far that screening could not decide.</summary>
    public long Rescored => Interlocked.Read(ref _rescored);

    private long _rescored;

    /// <summary>Finds the nearest centroid of each row.</summary>
    /// <param name="rows">[n, Dims] row-major, finite.</param>
    /// <param name="codes">Out [n]. Ties go to the lowest code.</param>
    /// <param name="errors">Out [n], the exact distances.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    /// <exception cref="ArgumentException">Array lengths do not match.</exception>
    public void Find(
        ReadOnlySpan<float> rows,
        Span<int> codes,
        Span<double> errors,
        int threads = 1,
        CancellationToken cancellation = default)
    {
        int n = codes.Length;
        if (rows.Length != (long)n * Dims || errors.Length != n)
        {
            throw new ArgumentException($"{rows.Length} numbers, {n} codes and {errors.Length} errors do not match", nameof(rows));
        }

        fixed (float* r = rows)
        fixed (int* c = codes)
        fixed (double* e = errors)
        {
            // Lambdas cannot capture pointers from a fixed statement; the integers are valid until it ends.
            nint rowsAt = (nint)r, codesAt = (nint)c, errorsAt = (nint)e;
            int blocks = (n + _blockRows - 1) / _blockRows;
            int workers = Math.Min(threads, blocks);
            int next = 0;
            void Work()
            {
                BlockScratch scratch = Rent();
                for (int block; (block = Interlocked.Increment(ref next) - 1) < blocks;)
                {
                    cancellation.ThrowIfCancellationRequested();
                    int first = block * _blockRows;
                    int count = Math.Min(_blockRows, n - first);
                    FindBlock((float*)rowsAt + ((long)first * Dims), count, (int*)codesAt + first, (double*)errorsAt + first, scratch);
                }

                _scratch.Add(scratch);
            }

            Workers.Run(workers, Work);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packed.Dispose();
        while (_scratch.TryTake(out BlockScratch? scratch))
        {
            scratch.Dispose();
        }
    }

    private BlockScratch Rent() => _scratch.TryTake(out BlockScratch? scratch) ? scratch : new BlockScratch(
        _blockRows,
        Dims,
        _path switch
        {
            ScreeningPath.Avx512 => Tile512.Lanes,
            ScreeningPath.Avx2 => Tile256.Lanes,
            _ => Tile128.Lanes,
        });

    private void FindBlock(float* rows, int n, int* codes, double* errors, BlockScratch scratch)
    {
        switch (_path)
        {
            case ScreeningPath.Avx512:
                Screen<Tile512>(rows, n, codes, scratch);
                break;
            case ScreeningPath.Avx2:
                Screen<Tile256>(rows, n, codes, scratch);
                break;
            default:
                Screen<Tile128>(rows, n, codes, scratch);
                break;
        }

        ExactDistance.ToCodes(
            new ReadOnlySpan<float>(rows, n * Dims),
            _centroids,
            new ReadOnlySpan<int>(codes, n),
            new Span<double>(errors, n),
            Dims);
    }

    private void Screen<TTile>(float* rows, int n, int* codes, BlockScratch scratch)
        where TTile : struct, ITile
    {
        int tiles = (n + TTile.Rows - 1) / TTile.Rows;
        int tileFloats = TTile.Rows * Dims;
        int stateFloats = 3 * TTile.Lanes;
        fixed (float* center = _packed.Center)
        {
            for (int tile = 0; tile < tiles; tile++)
            {
                int first = tile * TTile.Rows;
                RowPacking.Pack(
                    rows + ((long)first * Dims),
                    Math.Min(TTile.Rows, n - first),
                    center,
                    Dims,
                    TTile.Rows,
                    scratch.Packed + ((long)tile * tileFloats),
                    scratch.Squares + first);
            }
        }

        for (int row = 0; row < tiles * TTile.Rows; row++)
        {
            TTile.Clear(scratch.States + (row * stateFloats));
        }

        for (int panel = 0; panel < _packed.Panels; panel++)
        {
            float* at = _packed.Panel(panel);
            for (int tile = 0; tile < tiles; tile++)
            {
                TTile.Fold(
                    scratch.Packed + ((long)tile * tileFloats),
                    at,
                    Dims,
                    scratch.States + ((long)tile * TTile.Rows * stateFloats),
                    panel * TTile.Codes);
            }
        }

        for (int row = 0; row < n; row++)
        {
            float* state = scratch.States + (row * stateFloats);
            float slack = _bound.Slack(scratch.Squares[row]);
            int code = TTile.Decide(state, slack, out float threshold);
            codes[row] = code >= 0 && float.IsFinite(slack)
                ? code
                : Rescore(new ReadOnlySpan<float>(rows + ((long)row * Dims), Dims), state, TTile.Lanes, threshold, slack);
        }
    }

    // The rare path, kept out of the loop: exact distances to all codes that screening could not exclude.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Rescore(ReadOnlySpan<float> row, float* state, int lanes, float threshold, float slack)
    {
        Interlocked.Increment(ref _rescored);
        var best = (Error: double.PositiveInfinity, Code: int.MaxValue);
        for (int lane = 0; lane < lanes; lane++)
        {
            bool all = !float.IsFinite(slack) || state[(2 * lanes) + lane] >= threshold;
            if (all)
            {
                for (int code = lane; code < Codes; code += lanes)
                {
                    Try(row, code, ref best);
                }
            }
            else if (state[lane] >= threshold)
            {
                Try(row, ((int*)state)[lanes + lane], ref best);
            }
        }

        return best.Code;
    }

    private void Try(ReadOnlySpan<float> row, int code, ref (double Error, int Code) best)
    {
        double error = ExactDistance.Of(row, _centroids.AsSpan(code * Dims, Dims));
        if (error < best.Error || (error == best.Error && code < best.Code))
        {
            best = (error, code);
        }
    }
}
