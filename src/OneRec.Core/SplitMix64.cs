namespace OneRec.Core;

/// <summary>The SplitMix64 generator (Steele, Lea, Flood, OOPSLA 2014): the same draws on every machine and version.</summary>
/// <remarks>Not for secrets. Use one generator per purpose, seeded for that purpose, so that streams do not interleave.</remarks>
public struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>), by multiply and shift (bias below bound / 2^64).</summary>
    /// <param name="bound">At least 1.</param>
    public long NextBelow(long bound) => (long)Math.BigMul(NextUInt64(), (ulong)bound, out _);

    /// <summary>The numbers from 0 in random order (Fisher, Yates).</summary>
    /// <param name="count">How many.</param>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = (int)NextBelow(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
