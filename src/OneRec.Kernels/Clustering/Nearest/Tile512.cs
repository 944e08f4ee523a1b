using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OneRec.Kernels.Clustering.Nearest;

/// <summary>12 rows by 32 codes in 24 of the 32 registers of AVX-512.</summary>
internal readonly unsafe struct Tile512 : ITile
{
    private const int Width = 16;

    /// <inheritdoc/>
    public static int Rows => 12;

    /// <inheritdoc/>
    public static int Lanes => Width;

    /// <inheritdoc/>
    public static int Codes => 2 * Width;

    /// <inheritdoc/>
    public static void Fold(float* rows, float* panel, int dims, float* state, int firstCode)
    {
        Vector512<float> a0 = Vector512.Load(panel);
        Vector512<float> b0 = Vector512.Load(panel + Width);
        Vector512<float> a1 = a0, b1 = b0;
        Vector512<float> a2 = a0, b2 = b0;
        Vector512<float> a3 = a0, b3 = b0;
        Vector512<float> a4 = a0, b4 = b0;
        Vector512<float> a5 = a0, b5 = b0;
        Vector512<float> a6 = a0, b6 = b0;
        Vector512<float> a7 = a0, b7 = b0;
        Vector512<float> a8 = a0, b8 = b0;
        Vector512<float> a9 = a0, b9 = b0;
        Vector512<float> a10 = a0, b10 = b0;
        Vector512<float> a11 = a0, b11 = b0;
        float* end = rows + (12 * (long)dims);
        for (panel += 2 * Width; rows < end; rows += 12, panel += 2 * Width)
        {
            Vector512<float> c0 = Vector512.Load(panel);
            Vector512<float> c1 = Vector512.Load(panel + Width);
            Vector512<float> x = Vector512.Create(rows[0]);
            a0 = Vector512.FusedMultiplyAdd(x, c0, a0);
            b0 = Vector512.FusedMultiplyAdd(x, c1, b0);
            x = Vector512.Create(rows[1]);
            a1 = Vector512.FusedMultiplyAdd(x, c0, a1);
            b1 = Vector512.FusedMultiplyAdd(x, c1, b1);
            x = Vector512.Create(rows[2]);
            a2 = Vector512.FusedMultiplyAdd(x, c0, a2);
            b2 = Vector512.FusedMultiplyAdd(x, c1, b2);
            x = Vector512.Create(rows[3]);
            a3 = Vector512.FusedMultiplyAdd(x, c0, a3);
            b3 = Vector512.FusedMultiplyAdd(x, c1, b3);
            x = Vector512.Create(rows[4]);
            a4 = Vector512.FusedMultiplyAdd(x, c0, a4);
            b4 = Vector512.FusedMultiplyAdd(x, c1, b4);
            x = Vector512.Create(rows[5]);
            a5 = Vector512.FusedMultiplyAdd(x, c0, a5);
            b5 = Vector512.FusedMultiplyAdd(x, c1, b5);
            x = Vector512.Create(rows[6]);
            a6 = Vector512.FusedMultiplyAdd(x, c0, a6);
            b6 = Vector512.FusedMultiplyAdd(x, c1, b6);
            x = Vector512.Create(rows[7]);
            a7 = Vector512.FusedMultiplyAdd(x, c0, a7);
            b7 = Vector512.FusedMultiplyAdd(x, c1, b7);
            x = Vector512.Create(rows[8]);
            a8 = Vector512.FusedMultiplyAdd(x, c0, a8);
            b8 = Vector512.FusedMultiplyAdd(x, c1, b8);
            x = Vector512.Create(rows[9]);
            a9 = Vector512.FusedMultiplyAdd(x, c0, a9);
            b9 = Vector512.FusedMultiplyAdd(x, c1, b9);
            x = Vector512.Create(rows[10]);
            a10 = Vector512.FusedMultiplyAdd(x, c0, a10);
            b10 = Vector512.FusedMultiplyAdd(x, c1, b10);
            x = Vector512.Create(rows[11]);
            a11 = Vector512.FusedMultiplyAdd(x, c0, a11);
            b11 = Vector512.FusedMultiplyAdd(x, c1, b11);
        }

        Vector512<int> code0 = Vector512.Create(firstCode) + Vector512<int>.Indices;
        Vector512<int> code1 = code0 + Vector512.Create(Width);
        Take(state, a0, code0, b0, code1);
        Take(state + (1 * 3 * Width), a1, code0, b1, code1);
        Take(state + (2 * 3 * Width), a2, code0, b2, code1);
        Take(state + (3 * 3 * Width), a3, code0, b3, code1);
        Take(state + (4 * 3 * Width), a4, code0, b4, code1);
        Take(state + (5 * 3 * Width), a5, code0, b5, code1);
        Take(state + (6 * 3 * Width), a6, code0, b6, code1);
        Take(state + (7 * 3 * Width), a7, code0, b7, code1);
        Take(state + (8 * 3 * Width), a8, code0, b8, code1);
        Take(state + (9 * 3 * Width), a9, code0, b9, code1);
        Take(state + (10 * 3 * Width), a10, code0, b10, code1);
        Take(state + (11 * 3 * Width), a11, code0, b11, code1);
    }

    /// <inheritdoc/>
    public static void Clear(float* state)
    {
        Vector512.Create(float.NegativeInfinity).Store(state);
        Vector512<int>.Zero.Store((int*)(state + Width));
        Vector512.Create(float.NegativeInfinity).Store(state + (2 * Width));
    }

    /// <inheritdoc/>
    public static int Decide(float* state, float slack, out float threshold)
    {
        Vector512<float> best = Vector512.Load(state);
        float greatest = Greatest(best);
        threshold = greatest - slack;
        Vector512<float> least = Vector512.Create(threshold);
        ulong lanes = Vector512.GreaterThanOrEqual(best, least).ExtractMostSignificantBits();
        bool alone = (lanes & (lanes - 1)) == 0 && lanes != 0
            && !Vector512.GreaterThanOrEqualAny(Vector512.Load(state + (2 * Width)), least);
        return alone ? ((int*)state)[Width + BitOperations.TrailingZeroCount(lanes)] : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(float* state, Vector512<float> a, Vector512<int> codeA, Vector512<float> b, Vector512<int> codeB)
    {
        Vector512<float> best = Vector512.Load(state);
        Vector512<int> code = Vector512.Load((int*)(state + Width));
        Vector512<float> second = Vector512.Load(state + (2 * Width));
        second = Vector512.MaxNative(second, Vector512.MinNative(best, a));
        code = Vector512.ConditionalSelect(Vector512.GreaterThan(a, best).AsInt32(), codeA, code);
        best = Vector512.MaxNative(best, a);
        second = Vector512.MaxNative(second, Vector512.MinNative(best, b));
        code = Vector512.ConditionalSelect(Vector512.GreaterThan(b, best).AsInt32(), codeB, code);
        Vector512.MaxNative(best, b).Store(state);
        code.Store((int*)(state + Width));
        second.Store(state + (2 * Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Greatest(Vector512<float> v)
    {
        Vector256<float> h = Vector256.MaxNative(v.GetLower(), v.GetUpper());
        Vector128<float> q = Vector128.MaxNative(h.GetLower(), h.GetUpper());
        Vector128<float> p = Vector128.MaxNative(q, Vector128.Shuffle(q, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(p, Vector128.Shuffle(p, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
