using System.Numerics;

namespace OneRec.Kernels.Similarity;

/// <summary>Counts the users that two items share, by a bit a user.</summary>
/// <remarks>
/// Items with more users than words of 64 bits keep their bits: together at most 8 bytes an interaction. Threads share
/// them; what one thread counts with is in <see cref="SwingCommonOf"/>.
/// </remarks>
internal sealed class SwingCommon
{
    private readonly SwingPopularity _ranked;
    private readonly ulong[] _bits;
    private readonly int _many;

    /// <summary>Makes the bits of the items that need them.</summary>
    public SwingCommon(SwingPopularity ranked, int users)
    {
        _ranked = ranked;
        Words = (users + 63) / 64;
        while (_many < ranked.Count && ranked.UsersOf(_many).Length > Words)
        {
            _many++;
        }

        _bits = new ulong[checked(_many * Words)];
        for (int item = 0; item < _many; item++)
        {
            Set(_bits.AsSpan(item * Words, Words), ranked.UsersOf(item));
        }
    }

    /// <summary>Words of an item's bits.</summary>
    public int Words { get; }

    /// <summary>Bytes of it, and of what threads count with.</summary>
    public static long Bytes(long edges, long users, int threads) => (8 * edges) + (threads * users / 8);

    /// <summary>The users of an item.</summary>
    public ReadOnlySpan<int> UsersOf(int item) => _ranked.UsersOf(item);

    /// <summary>Users of an item whose bits are set.</summary>
    public int Count(int item, ReadOnlySpan<ulong> bits)
    {
        int count = 0;
        if (item < _many)
        {
            ReadOnlySpan<ulong> own = _bits.AsSpan(item * Words, bits.Length);
            for (int word = 0; word < bits.Length; word++)
            {
                count += BitOperations.PopCount(own[word] & bits[word]);
            }

            return count;
        }

        foreach (int user in _ranked.UsersOf(item))
        {
            count += (int)(bits[user >> 6] >> (user & 63)) & 1;
        }

        return count;
    }

    /// <summary>Sets the bits of some users.</summary>
    public static void Set(Span<ulong> bits, ReadOnlySpan<int> users)
    {
        foreach (int user in users)
        {
            bits[user >> 6] |= 1UL << (user & 63);
        }
    }
}
