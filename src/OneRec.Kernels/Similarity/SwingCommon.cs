using System.Numerics;

namespace OneRec.Kernels.Similarity;

/// <summary>Counts the users that two items have in common, with bitmaps of users.</summary>
/// <remarks>
/// Items with more users than a bitmap has 64-bit words get a bitmap: in total at most 8 bytes per interaction. Threads share
/// the bitmaps; the state of one thread is in <see cref="SwingCommonOf"/>.
/// </remarks>
internal sealed class SwingCommon
{
    private readonly SwingPopularity _ranked;
    private readonly ulong[] _bits;
    private readonly int _many;

    /// <summary>Builds the bitmaps of the items that need one.</summary>
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

    /// <summary>Words per bitmap.</summary>
    public int Words { get; }

    /// <summary>Bytes of the bitmaps, including those of the threads.</summary>
    public static long Bytes(long edges, long users, int threads) => (8 * edges) + (threads * users / 8);

    /// <summary>The users of an item.</summary>
    public ReadOnlySpan<int> UsersOf(int item) => _ranked.UsersOf(item);

    /// <summary>The number of an item's users whose bits are set.</summary>
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

    /// <summary>Sets the bits of the given users.</summary>
    public static void Set(Span<ulong> bits, ReadOnlySpan<int> users)
    {
        foreach (int user in users)
        {
            bits[user >> 6] |= 1UL << (user & 63);
        }
    }
}

/// <summary>Counts the users that one item has in common with others: one thread's state for <see cref="SwingCommon"/>.</summary>
internal sealed class SwingCommonOf(SwingCommon common)
{
    private readonly ulong[] _bits = new ulong[common.Words];
    private int _item = -1;

    /// <summary>The number of users that have both items.</summary>
    /// <param name="item">An item number; fast if it is the same as in the previous call.</param>
    /// <param name="other">The other item number.</param>
    public int Count(int item, int other)
    {
        if (item != _item)
        {
            if (_item >= 0)
            {
                foreach (int user in common.UsersOf(_item))
                {
                    _bits[user >> 6] = 0;
                }
            }

            SwingCommon.Set(_bits, common.UsersOf(item));
            _item = item;
        }

        return common.Count(other, _bits);
    }
}
