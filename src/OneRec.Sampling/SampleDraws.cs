using OneRec.Core;

namespace OneRec.Sampling;

/// <summary>
/// Random streams, one per purpose and index, so that each item and user can be generated independently.
/// </summary>
/// <remarks>
/// Only uses additions, products and integer operations, which give the same bits on every machine, unlike logarithm
/// and cosine of the C library.
/// </remarks>
internal static class SampleDraws
{
    /// <summary>The stream of a purpose and an index.</summary>
    public static SplitMix64 Of(long seed, SamplePurpose purpose, long index)
    {
        ulong state = new SplitMix64((ulong)seed).NextUInt64() + (ulong)purpose;
        state = new SplitMix64(state).NextUInt64() + (ulong)index;
        return new SplitMix64(new SplitMix64(state).NextUInt64());
    }

    /// <summary>
    /// An approximately normal number: the scaled sum of the four 16-bit parts of one draw, with mean 0, variance 1 and
    /// absolute value of at most 3.47.
    /// </summary>
    public static double Bell(ref SplitMix64 draws)
    {
        ulong bits = draws.NextUInt64();
        long sum = (long)(bits & 0xFFFF) + (long)((bits >> 16) & 0xFFFF) + (long)((bits >> 32) & 0xFFFF) + (long)(bits >> 48);

        // Four uniforms on 0..65535 have mean 4 * 32767.5 and variance 4 * (65536^2 - 1) / 12.
        return (sum - 131_070) * (1.0 / 37_837.227);
    }
}
