using System.Globalization;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>Which part has which targets, so that parts are of about equal work: C(users, 2) an item.</summary>
/// <remarks>
/// The few items that are a good part of a part's work are placed one by one, the largest first, where least lies yet; the
/// rest goes by hash ranges, wider where less lies.
/// </remarks>
internal sealed class SwingBalance
{
    /// <summary>An item is placed by itself from this fraction of a part's work: there are at most so many a part.</summary>
    private const long HeavyFraction = 4;
    private const long Hashes = 1L << 32;

    private readonly double[] _heavy;
    private readonly double[] _light;

    /// <summary>A balance.</summary>
    /// <param name="parts">Parts, at least 1.</param>
    /// <param name="userPairs">The work in all.</param>
    /// <param name="heavyUsers">Users of the heavy items, most first.</param>
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

    /// <summary>The largest part's work, of the mean.</summary>
    public double Largest
    {
        get
        {
            double all = _heavy.Sum() + _light.Sum();
            return all == 0 ? 1 : _heavy.Zip(_light, (h, l) => h + l).Max() / (all / _heavy.Length);
        }
    }

    /// <summary>Users from which an item is heavy: C(users, 2) above a fraction of a part's work.</summary>
    public static long LeastUsers(int parts, long userPairs)
    {
        double work = (double)userPairs / (parts * HeavyFraction);
        return Math.Max(3, (long)Math.Ceiling((1 + Math.Sqrt(1 + (8 * work))) / 2));
    }

    /// <summary>For each part the range of hashes of its other items: eight hexadecimal digits, from and below.</summary>
    public IEnumerable<(string First, string Below)> Ranges()
    {
        double all = _light.Sum();
        double before = 0;
        string first = Hash(0);
        for (int part = 0; part < _light.Length; part++)
        {
            before += all == 0 ? 1.0 / _light.Length : _light[part] / all;

            // Above every hash: the last range has no end.
            string below = part == _light.Length - 1 ? "g" : Hash((long)(before * Hashes));
            yield return (first, below);
            first = below;
        }
    }

    private static double Pairs(long users) => users * (users - 1.0) / 2;

    private static string Hash(long value) => Math.Min(value, Hashes - 1).ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Pours the rest onto the heavy items until all parts stand at one level.</summary>
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
