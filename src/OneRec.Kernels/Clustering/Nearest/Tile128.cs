using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OneRec.Kernels.Clustering.Nearest;

/// <summary>4 rows by 8 codes in 128-bit vectors.</summary>
internal readonly unsafe struct Tile128 : ITile
{
    private const int Width = 4;

    /// <inheritdoc/>
    public static int Rows => 4;

    /// <inheritdoc/>
    public static int Lanes => Width;

    /// <inheritdoc/>
    public static int Codes => 2 * Width;

    /// <inheritdoc/>
    public static void Fold(float* rows, float* panel, int dims, float* state, int firstCode)
    {
        Vector128<float> a0 = Vector128.Load(panel);
        Vector128<float> b0 = Vector128.Load(panel + Width);
        Vector128<float> a1 = a0, b1 = b0;
        Vector128<float> a2 = a0, b2 = b0;
        Vector128<float> a3 = a0, b3 = b0;
        float* end = rows + (4 * (long)dims);
        for (panel += 2 * Width; rows < end; rows += 4, panel += 2 * Width)
        {
            Vector128<float> c0 = Vector128.Load(panel);
            Vector128<float> c1 = Vector128.Load(panel + Width);
            Vector128<float> x = Vector128.Create(rows[0]);
            a0 = Vector128.FusedMultiplyAdd(x, c0, a0);
            b0 = Vector128.FusedMultiplyAdd(x, c1, b0);
            x = Vector128.Create(rows[1]);
            a1 = Vector128.FusedMultiplyAdd(x, c0, a1);
            b1 = Vector128.FusedMultiplyAdd(x, c1, b1);
            x = Vector128.Create(rows[2]);
            a2 = Vector128.FusedMultiplyAdd(x, c0, a2);
            b2 = Vector128.FusedMultiplyAdd(x, c1, b2);
            x = Vector128.Create(rows[3]);
            a3 = Vector128.FusedMultiplyAdd(x, c0, a3);
            b3 = Vector128.FusedMultiplyAdd(x, c1, b3);
        }

        Vector128<int> code0 = Vector128.Create(firstCode) + Vector128<int>.Indices;
        Vector128<int> code1 = code0 + Vector128.Create(Width);
        Take(state, a0, code0, b0, code1);
        Take(state + (1 * 3 * Width), a1, code0, b1, code1);
        Take(state + (2 * 3 * Width), a2, code0, b2, code1);
        Take(state + (3 * 3 * Width), a3, code0, b3, code1);
    }

    /// <inheritdoc/>
    public static void Clear(float* state)
    {
        Vector128.Create(float.NegativeInfinity).Store(state);
        Vector128<int>.Zero.Store((int*)(state + Width));
        Vector128.Create(float.NegativeInfinity).Store(state + (2 * Width));
    }

    /// <inheritdoc/>
    public static int Decide(float* state, float slack, out float threshold)
    {
        Vector128<float> best = Vector128.Load(state);
        float greatest = Greatest(best);
        threshold = greatest - slack;
        Vector128<float> least = Vector128.Create(threshold);
        ulong lanes = Vector128.GreaterThanOrEqual(best, least).ExtractMostSignificantBits();
        bool alone = (lanes & (lanes - 1)) == 0 && lanes != 0
            && !Vector128.GreaterThanOrEqualAny(Vector128.Load(state + (2 * Width)), least);
        return alone ? ((int*)state)[Width + BitOperations.TrailingZeroCount(lanes)] : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(float* state, Vector128<float> a, Vector128<int> codeA, Vector128<float> b, Vector128<int> codeB)
    {
        Vector128<float> best = Vector128.Load(state);
        Vector128<int> code = Vector128.Load((int*)(state + Width));
        Vector128<float> second = Vector128.Load(state + (2 * Width));
        second = Vector128.MaxNative(second, Vector128.MinNative(best, a));
        code = Vector128.ConditionalSelect(Vector128.GreaterThan(a, best).AsInt32(), codeA, code);
        best = Vector128.MaxNative(best, a);
        second = Vector128.MaxNative(second, Vector128.MinNative(best, b));
        code = Vector128.ConditionalSelect(Vector128.GreaterThan(b, best).AsInt32(), codeB, code);
        Vector128.MaxNative(best, b).Store(state);
        code.Store((int*)(state + Width));
        second.Store(state + (2 * Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Greatest(Vector128<float> v)
    {
        Vector128<float> p = Vector128.MaxNative(v, Vector128.Shuffle(v, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(p, Vector128.Shuffle(p, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
