using OneRec.Alignment.Losses;
using OneRec.Alignment.Networks;
using OneRec.Core;

namespace OneRec.Alignment.Training;

/// <summary>The training pairs of items, by number in the token store.</summary>
internal sealed class PairSet
{
    private readonly int[] _first;
    private readonly int[] _second;
    private readonly HashSet<int>[] _partners;
    private readonly float[] _logFrequencies;

    /// <summary>Indexes pairs.</summary>
    /// <param name="first">First items.</param>
    /// <param name="second">Second items; as many, and none equals its first.</param>
    /// <param name="items">Number of items.</param>
    public PairSet(int[] first, int[] second, int items)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(first.Length, second.Length);
        (_first, _second) = (first, second);
        _partners = new HashSet<int>[items];
        var ends = new long[items];
        for (int i = 0; i < first.Length; i++)
        {
            (_partners[first[i]] ??= []).Add(second[i]);
            (_partners[second[i]] ??= []).Add(first[i]);
            ends[first[i]]++;
            ends[second[i]]++;
        }

        _logFrequencies = [.. ends.Select(n => (float)Math.Log(Math.Max(n, 1) / (2.0 * Math.Max(first.Length, 1))))];
    }

    /// <summary>Number of pairs.</summary>
    public int Count => _first.Length;

    /// <summary>The items that occur in a pair, ascending.</summary>
    public IEnumerable<int> Items => Enumerable.Range(0, _partners.Length).Where(i => _partners[i] is not null);

    /// <summary>The items that occur in a pair, those of the most pairs first; of equal ones those with the lower number.</summary>
    public IEnumerable<int> MostFrequent() => Items.OrderByDescending(i => _logFrequencies[i]).ThenBy(i => i);

    /// <summary>The order of the pairs in an epoch.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">From 0.</param>
    public int[] Order(long seed, int epoch) =>
        new SplitMix64(StableHash.Order32(seed, "align-order", $"{epoch}")).Permutation(Count);

    /// <summary>A step's pairs with their different items.</summary>
    /// <param name="pairs">Numbers of the pairs.</param>
    public PairBatch Batch(ReadOnlySpan<int> pairs)
    {
        var places = new Dictionary<int, int>();
        var items = new List<int>();
        var first = new long[pairs.Length];
        var second = new long[pairs.Length];
        for (int i = 0; i < pairs.Length; i++)
        {
            first[i] = Place(_first[pairs[i]]);
            second[i] = Place(_second[pairs[i]]);
        }

        return new PairBatch
        {
            Items = [.. items],
            First = first,
            Second = second,
            ForwardMask = Mask(items, places, first, second),
            BackwardMask = Mask(items, places, second, first),
            LogFrequencies = [.. items.Select(i => _logFrequencies[i])],
        };

        int Place(int item)
        {
            if (!places.TryGetValue(item, out int place))
            {
                place = items.Count;
                places.Add(item, place);
                items.Add(item);
            }

            return place;
        }
    }

    private float[] Mask(List<int> items, Dictionary<int, int> places, long[] anchors, long[] partners)
    {
        var mask = new float[anchors.Length * items.Count];
        for (int i = 0; i < anchors.Length; i++)
        {
            Span<float> row = mask.AsSpan(i * items.Count, items.Count);
            foreach (int partner in _partners[items[(int)anchors[i]]])
            {
                if (places.TryGetValue(partner, out int place))
                {
                    row[place] = Attention.Hidden;
                }
            }

            row[(int)anchors[i]] = Attention.Hidden;
            row[(int)partners[i]] = 0;
        }

        return mask;
    }
}
