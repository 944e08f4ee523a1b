using OneRec.Core;

namespace OneRec.Sampling;

/// <summary>
/// The latent structure: each item has a popularity rank, which determines its topic and subtopic. The only data held
/// per item are cumulative sums of popularity, 8 bytes per item.
/// </summary>
internal sealed class SampleWorld
{
    /// <summary>Number of subtopics per topic.</summary>
    public const int SubtopicsPerTopic = 4;

    private const int Styles = 8;

    private readonly long _seed;
    private readonly double _style;
    private readonly int _items;
    private readonly long _step;
    private readonly long _offset;
    private readonly long _inverse;
    private readonly double[][] _groupSums;
    private readonly double[] _groupEnds;
    private readonly float[][] _centres;

    /// <summary>Builds the structure for the given options.</summary>
    public SampleWorld(SampleOptions options)
    {
        _seed = options.Seed;
        _items = options.Items;
        _style = options.Style;
        Dimensions = options.Dimensions;
        Groups = options.Topics * SubtopicsPerTopic;
        SplitMix64 order = SampleDraws.Of(_seed, SamplePurpose.Order, 0);
        _offset = order.NextBelow(_items);
        _step = 1 + order.NextBelow(_items);
        while (Gcd(_step, _items) != 1)
        {
            _step++;
        }

        _inverse = Inverse(_step % _items, _items);
        (_groupSums, _groupEnds) = Popularity();
        _centres = [.. Enumerable.Range(0, Groups).Select(Centre)];
    }

    /// <summary>Total number of subtopics.</summary>
    public int Groups { get; }

    /// <summary>Dimensions of a vector.</summary>
    public int Dimensions { get; }

    /// <summary>
    /// Added to each rank; popularity is the inverse of the sum (Zipf-Mandelbrot law). Without it, the first item would
    /// get a tenth of all clicks.
    /// </summary>
    public double RankOffset => 2 * Math.Sqrt(_items);

    /// <summary>The subtopic of an item, 0 to <see cref="Groups"/> - 1; divided by four, it gives the topic.</summary>
    /// <param name="item">Index of the item in the catalogue, from 0.</param>
    public int GroupOf(int item) => RankOf(item) % Groups;

    /// <summary>The popularity rank of an item, from 0.</summary>
    public int RankOf(int item) => (int)(Int128)((Int128)((item - _offset + _items) % _items) * _inverse % _items);

    /// <summary>Draws a subtopic, weighted by the popularity of its items.</summary>
    public int DrawGroup(ref SplitMix64 draws) => Find(_groupEnds, draws.NextDouble() * _groupEnds[^1]);

    /// <summary>Draws an item of a subtopic, weighted by popularity.</summary>
    public int DrawItem(int group, ref SplitMix64 draws)
    {
        double[] sums = _groupSums[group];
        long rank = group + ((long)Groups * Find(sums, draws.NextDouble() * sums[^1]));
        return (int)(((Int128)rank * _step + _offset) % _items);
    }

    /// <summary>
    /// Generates the token vectors of an item: the centre of its subtopic plus noise per item and per token.
    /// </summary>
    /// <param name="item">Index of the item in the catalogue, from 0.</param>
    /// <param name="vectors">Output: [tokens, dimensions], row-major.</param>
    public void Vectors(int item, Span<float> vectors)
    {
        SplitMix64 draws = SampleDraws.Of(_seed, SamplePurpose.Vectors, item);
        float[] centre = _centres[GroupOf(item)];
        Span<double> own = stackalloc double[Math.Min(Dimensions, 512)];
        own = own.Length < Dimensions ? new double[Dimensions] : own;
        for (int t = 0; t < Dimensions; t++)
        {
            own[t] = centre[t] + (0.4 * SampleDraws.Bell(ref draws));
        }

        if (_style > 0)
        {
            AddStyle(item, own);
        }

        for (int at = 0; at < vectors.Length; at += Dimensions)
        {
            for (int t = 0; t < Dimensions; t++)
            {
                vectors[at + t] = (float)(own[t] + (0.5 * SampleDraws.Bell(ref draws)));
            }
        }
    }

    /// <summary>The tint that an item's style gives its cover; null without styles.</summary>
    public CoverTint? TintOf(int item) => _style == 0 ? null : new CoverTint(StyleOf(item) * (360 / Styles), (int)(100 * _style / (1 + _style)));

    private long StyleOf(int item) => SampleDraws.Of(_seed, SamplePurpose.Style, item).NextBelow(Styles);

    private void AddStyle(int item, Span<double> own)
    {
        SplitMix64 style = SampleDraws.Of(_seed, SamplePurpose.StyleVector, StyleOf(item));
        for (int t = 0; t < Dimensions; t++)
        {
            own[t] += _style * SampleDraws.Bell(ref style);
        }
    }

    private float[] Centre(int group)
    {
        SplitMix64 topic = SampleDraws.Of(_seed, SamplePurpose.Topic, group / SubtopicsPerTopic);
        SplitMix64 own = SampleDraws.Of(_seed, SamplePurpose.Subtopic, group);
        var centre = new float[Dimensions];
        for (int t = 0; t < Dimensions; t++)
        {
            centre[t] = (float)(SampleDraws.Bell(ref topic) + (0.6 * SampleDraws.Bell(ref own)));
        }

        return centre;
    }

    private (double[][] Sums, double[] Ends) Popularity()
    {
        int groups = Math.Min(Groups, _items);
        var sums = new double[groups][];
        var ends = new double[groups];
        double all = 0;
        for (int group = 0; group < groups; group++)
        {
            sums[group] = new double[((_items - 1 - group) / Groups) + 1];
            double sum = 0;
            for (int k = 0; k < sums[group].Length; k++)
            {
                sum += 1 / (group + ((double)Groups * k) + RankOffset);
                sums[group][k] = sum;
            }

            all += sum;
            ends[group] = all;
        }

        return (sums, ends);
    }

    /// <summary>The first index whose cumulative sum is above a value.</summary>
    private static int Find(double[] sums, double value)
    {
        int place = Array.BinarySearch(sums, value);
        return Math.Min(place < 0 ? ~place : place + 1, sums.Length - 1);
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);

    /// <summary>
    /// The inverse of <paramref name="a"/> modulo <paramref name="m"/>, by the extended Euclidean algorithm.
    /// </summary>
    private static long Inverse(long a, long m)
    {
        (long r, long next, long x, long nextX) = (m, a, 0, 1);
        while (next != 0)
        {
            long q = r / next;
            (r, next) = (next, r - (q * next));
            (x, nextX) = (nextX, x - (q * nextX));
        }

        return ((x % m) + m) % m;
    }
}
