using System.Globalization;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>Assigns target items to parts so that all parts have about the same work: C(users, 2) per item.</summary>
/// <remarks>
/// Heavy items, whose work is large relative to a part, are placed one by one, the largest first, into the part with
/// the least work so far. The other items are assigned by hash range; a part with less heavy work gets a wider range.
/// </remarks>
internal sealed class SwingBalance
{
    /// <summary>
    /// An item is heavy from 1/4 of a part's mean work, so there are at most four per part on average.
    /// </summary>
    private const long HeavyFraction = 4;
    private const long Hashes = 1L << 32;

    private readonly double[] _heavy;
    private readonly double[] _light;

    /// <summary>Balances work over parts.</summary>
    /// <param name="parts">Number of parts, at least 1.</param>
    /// <param name="userPairs">Total work in user pairs.</param>
    /// <param name="heavyUsers">Number of users of each heavy item, in descending order.</param>
    public SwingBalance(int parts, long userPairs, IReadOnlyList<long> heavyUsers)
    {
        _heavy = new double[parts];
        var order = new PriorityQueue<int, (double Work, int Part)>(Enumerable.Range(0, parts).Select(p => (p, (0.0, p))));
        var places = new int[heavyUsers.Count];
        for (int i = 0; i < places.Length; i++)
        {
            int part = places[i] = order.Dequeue();
            _heavy[part] += Pairs(heavyUsers[i]);
            order.Enqueue(part, (_heavy[part], part));
        }

        Places = places;
        _light = Fill(Math.Max(0, userPairs - _heavy.Sum()));
    }

    /// <summary>The part of each heavy item.</summary>
    public IReadOnlyList<int> Places { get; }

    /// <summary>The work of the largest part relative to the mean.</summary>
    public double Largest
    {
        get
        {
            double all = _heavy.Sum() + _light.Sum();
            return all == 0 ? 1 : _heavy.Zip(_light, (h, l) => h + l).Max() / (all / _heavy.Length);
        }
    }

    /// <summary>The least number of users of a heavy item: C(users, 2) is at least 1/4 of a part's mean work.</summary>
    public static long LeastUsers(int parts, long userPairs)
    {
        double work = (double)userPairs / (parts * HeavyFraction);
        return Math.Max(3, (long)Math.Ceiling((1 + Math.Sqrt(1 + (8 * work))) / 2));
    }

    /// <summary>
    /// For each part, the hash range of its other items: eight hex digits, inclusive start and exclusive end.
    /// </summary>
    public IEnumerable<(string First, string Below)> Ranges()
    {
        double all = _light.Sum();
        double before = 0;
        string first = Hash(0);
        for (int part = 0; part < _light.Length; part++)
        {
            before += all == 0 ? 1.0 / _light.Length : _light[part] / all;

            // "g" sorts after every hash: the last range has no end.
            string below = part == _light.Length - 1 ? "g" : Hash((long)(before * Hashes));
            yield return (first, below);
            first = below;
        }
    }

    private static double Pairs(long users) => users * (users - 1.0) / 2;

    private static string Hash(long value) => Math.Min(value, Hashes - 1).ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Distributes the remaining work so that all parts end up with the same total where possible.</summary>
    private double[] Fill(double rest)
    {
        double[] sorted = [.. _heavy.Order()];
        double below = 0;
        double level = 0;
        for (int n = 1; n <= sorted.Length; n++)
        {
            below += sorted[n - 1];
            level = (rest + below) / n;
            if (n == sorted.Length || level <= sorted[n])
            {
                break;
            }
        }

        return [.. _heavy.Select(h => Math.Max(0, level - h))];
    }
}
