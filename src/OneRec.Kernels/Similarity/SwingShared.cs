using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OneRec.Kernels.Similarity;

/// <summary>
/// The items of each of a target's users that another of them may have too. In a sparse log most items have one of the users
/// alone; two small bitmaps, which stay in the L1 cache, tell them apart without a branch that cannot be predicted.
/// </summary>
/// <remarks>Reused for each target. In a large catalogue items share bits, so that a few are kept which one user alone has.</remarks>
internal sealed unsafe class SwingShared(SwingGraph graph)
{
    /// <summary>Bits of a bitmap at most: two of them fit in the L1 cache, with room for the lists.</summary>
    private const int MostBits = 1 << 16;

    /// <summary>Number of users that the prefetch of a list runs ahead.</summary>
    private const int Ahead = 2;

    /// <summary>Numbers in a cache line.</summary>
    private const int LineInts = 16;

    private readonly ulong[] _once = new ulong[Words(graph.Items)];
    private readonly ulong[] _twice = new ulong[Words(graph.Items)];
    private int[] _kept = new int[256];
    private int[] _ends = new int[64];
    private int _users;

    /// <summary>Maximum bytes of the bitmaps.</summary>
    public const long Bytes = 2 * MostBits / 8;

    /// <summary>The items of all users, one user after another.</summary>
    public ReadOnlySpan<int> All => _kept.AsSpan(0, _users == 0 ? 0 : _ends[_users - 1]);

    /// <summary>The items of a user, ascending.</summary>
    /// <param name="a">Number of the user among the target's.</param>
    public ReadOnlySpan<int> Of(int a)
    {
        int start = a == 0 ? 0 : _ends[a - 1];
        return _kept.AsSpan(start, _ends[a] - start);
    }

    /// <summary>Reads the items of a target's users.</summary>
    public void Load(ReadOnlySpan<int> users)
    {
        Array.Clear(_once);
        Array.Clear(_twice);
        _users = users.Length;
        if (_ends.Length < users.Length)
        {
            _ends = new int[Math.Max(users.Length, (int)Math.Min(2L * _ends.Length, Array.MaxLength))];
        }

        Mark(users);
        Keep(users);
    }

    private void Mark(ReadOnlySpan<int> users)
    {
        int words = _once.Length - 1;
        fixed (ulong* once = _once, twice = _twice)
        {
            for (int a = 0; a < users.Length; a++)
            {
                Fetch(users, a + Ahead);
                foreach (int item in graph.ItemsOf(users[a]))
                {
                    int word = (item >> 6) & words;
                    ulong bit = 1UL << item;
                    ulong before = once[word];
                    twice[word] |= before & bit;
                    once[word] = before | bit;
                }
            }
        }
    }

    private void Keep(ReadOnlySpan<int> users)
    {
        int words = _once.Length - 1;
        int n = 0;
        for (int a = 0; a < users.Length; a++)
        {
            ReadOnlySpan<int> own = graph.ItemsOf(users[a]);
            if (_kept.Length <= n + (long)own.Length)
            {
                Array.Resize(ref _kept, checked((int)Math.Max(n + (long)own.Length + 1, Math.Min(2L * n, Array.MaxLength))));
            }

            fixed (ulong* twice = _twice)
            fixed (int* kept = _kept)
            {
                foreach (int item in own)
                {
                    kept[n] = item;
                    n += (int)(twice[(item >> 6) & words] >> item) & 1;
                }
            }

            _ends[a] = n;
        }
    }

    // The lists of a target's users lie anywhere in memory.
    private void Fetch(ReadOnlySpan<int> users, int a)
    {
        if (Sse.IsSupported && a < users.Length)
        {
            ReadOnlySpan<int> own = graph.ItemsOf(users[a]);
            for (int at = 0; at < own.Length; at += LineInts)
            {
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in own[at])));
            }
        }
    }

    // A power of two, so that the word of an item is some of its bits.
    private static int Words(int items) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(items / 64, 1, MostBits / 64));
}
