using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OneRec.Kernels.Clustering.Nearest;

/// <summary>12 rows by 16 codes, 6 rows at a time in 12 of the 16 registers of AVX2.</summary>
internal readonly unsafe struct Tile256 : ITile
{
    private const int Width = 8;
    private const int HalfRows = 6;

    /// <inheritdoc/>
    public static int Rows => 2 * HalfRows;

    /// <inheritdoc/>
    public static int Lanes => Width;

    /// <inheritdoc/>
    public static int Codes => 2 * Width;

    /// <inheritdoc/>
    public static void Fold(float* rows, float* panel, int dims, float* state, int firstCode)
    {
        FoldHalf(rows, panel, dims, state, firstCode);
        FoldHalf(rows + HalfRows, panel, dims, state + (HalfRows * 3 * Width), firstCode);
    }

    /// <inheritdoc/>
    public static void Clear(float* state)
    {
        Vector256.Create(float.NegativeInfinity).Store(state);
        Vector256<int>.Zero.Store((int*)(state + Width));
        Vector256.Create(float.NegativeInfinity).Store(state + (2 * Width));
    }

    /// <inheritdoc/>
    public static int Decide(float* state, float slack, out float threshold)
    {
        Vector256<float> best = Vector256.Load(state);
        float greatest = Greatest(best);
        threshold = greatest - slack;
        Vector256<float> least = Vector256.Create(threshold);
        ulong lanes = Vector256.GreaterThanOrEqual(best, least).ExtractMostSignificantBits();
        bool alone = (lanes & (lanes - 1)) == 0 && lanes != 0
            && !Vector256.GreaterThanOrEqualAny(Vector256.Load(state + (2 * Width)), least);
        return alone ? ((int*)state)[Width + BitOperations.TrailingZeroCount(lanes)] : -1;
    }

    // 12 sums, two vectors of codes and one row value: 15 registers. Fully optimized at the first call; otherwise a short
    // training would spend part of its time in unoptimized code.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FoldHalf(float* rows, float* panel, int dims, float* state, int firstCode)
    {
        Vector256<float> a0 = Vector256.Load(panel);
        Vector256<float> b0 = Vector256.Load(panel + Width);
        Vector256<float> a1 = a0, b1 = b0;
        Vector256<float> a2 = a0, b2 = b0;
        Vector256<float> a3 = a0, b3 = b0;
        Vector256<float> a4 = a0, b4 = b0;
        Vector256<float> a5 = a0, b5 = b0;
        float* end = rows + (2 * HalfRows * (long)dims);
        for (panel += 2 * Width; rows < end; rows += 2 * HalfRows, panel += 2 * Width)
        {
            Vector256<float> c0 = Vector256.Load(panel);
            Vector256<float> c1 = Vector256.Load(panel + Width);
            Vector256<float> x = Vector256.Create(rows[0]);
            a0 = Vector256.FusedMultiplyAdd(x, c0, a0);
            b0 = Vector256.FusedMultiplyAdd(x, c1, b0);
            x = Vector256.Create(rows[1]);
            a1 = Vector256.FusedMultiplyAdd(x, c0, a1);
            b1 = Vector256.FusedMultiplyAdd(x, c1, b1);
            x = Vector256.Create(rows[2]);
            a2 = Vector256.FusedMultiplyAdd(x, c0, a2);
            b2 = Vector256.FusedMultiplyAdd(x, c1, b2);
            x = Vector256.Create(rows[3]);
            a3 = Vector256.FusedMultiplyAdd(x, c0, a3);
            b3 = Vector256.FusedMultiplyAdd(x, c1, b3);
            x = Vector256.Create(rows[4]);
            a4 = Vector256.FusedMultiplyAdd(x, c0, a4);
            b4 = Vector256.FusedMultiplyAdd(x, c1, b4);
            x = Vector256.Create(rows[5]);
            a5 = Vector256.FusedMultiplyAdd(x, c0, a5);
            b5 = Vector256.FusedMultiplyAdd(x, c1, b5);
        }

        Vector256<int> code0 = Vector256.Create(firstCode) + Vector256<int>.Indices;
        Vector256<int> code1 = code0 + Vector256.Create(Width);
        Take(state, a0, code0, b0, code1);
        Take(state + (1 * 3 * Width), a1, code0, b1, code1);
        Take(state + (2 * 3 * Width), a2, code0, b2, code1);
        Take(state + (3 * 3 * Width), a3, code0, b3, code1);
        Take(state + (4 * 3 * Width), a4, code0, b4, code1);
        Take(state + (5 * 3 * Width), a5, code0, b5, code1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(float* state, Vector256<float> a, Vector256<int> codeA, Vector256<float> b, Vector256<int> codeB)
    {
        Vector256<float> best = Vector256.Load(state);
        Vector256<int> code = Vector256.Load((int*)(state + Width));
        Vector256<float> second = Vector256.Load(state + (2 * Width));
        second = Vector256.MaxNative(second, Vector256.MinNative(best, a));
        code = Vector256.ConditionalSelect(Vector256.GreaterThan(a, best).AsInt32(), codeA, code);
        best = Vector256.MaxNative(best, a);
        second = Vector256.MaxNative(second, Vector256.MinNative(best, b));
        code = Vector256.ConditionalSelect(Vector256.GreaterThan(b, best).AsInt32(), codeB, code);
        Vector256.MaxNative(best, b).Store(state);
        code.Store((int*)(state + Width));
        second.Store(state + (2 * Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Greatest(Vector256<float> v)
    {
        Vector128<float> q = Vector128.MaxNative(v.GetLower(), v.GetUpper());
        Vector128<float> p = Vector128.MaxNative(q, Vector128.Shuffle(q, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(p, Vector128.Shuffle(p, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
