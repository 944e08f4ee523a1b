using System.Globalization;
using OneRec.Kernels.Similarity;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>How much work a log is for Swing, told before it begins.</summary>
/// <param name="Degrees">How many items have how many users.</param>
/// <param name="Largest">The items with the most users, at most ten, most first.</param>
/// <param name="Users">Number of users.</param>
public sealed record SwingWork(
    IReadOnlyList<(long Users, long Items)> Degrees,
    IReadOnlyList<(string Item, long Users)> Largest,
    long Users)
{
    /// <summary>Pairs of users a second and core that the estimate counts with: low, so that it rather errs above.</summary>
    private const double PairsPerSecond = 20e6;

    /// <summary>Number of items.</summary>
    public long Items => Degrees.Sum(d => d.Items);

    /// <summary>Number of (user, item).</summary>
    public long Edges => Degrees.Sum(d => d.Users * d.Items);

    /// <summary>Sum over items of C(users, 2), were each item to keep so many users; the greatest long where it is above.</summary>
    public long UserPairs(long maxItemUsers = long.MaxValue)
    {
        Int128 sum = 0;
        foreach ((long users, long items) in Degrees)
        {
            Int128 kept = Math.Min(users, maxItemUsers);
            sum += kept * (kept - 1) / 2 * items;
        }

        return sum > long.MaxValue ? long.MaxValue : (long)sum;
    }

    /// <summary>The greatest <c>swing.maxItemUsers</c> whose work is within a limit; null where not even 2 is.</summary>
    public long? CapThatFits(long maxUserPairs)
    {
        long fits = 1;
        long tooMany = Degrees.Count == 0 ? 2 : Degrees.Max(d => d.Users) + 1;
        while (tooMany - fits > 1)
        {
            long middle = fits + ((tooMany - fits) / 2);
            if (UserPairs(middle) <= maxUserPairs)
            {
                fits = middle;
            }
            else
            {
                tooMany = middle;
            }
        }

        return fits >= 2 ? fits : null;
    }

    /// <summary>About how long so many user pairs take.</summary>
    public static double Seconds(long pairs, int threads) => pairs / (PairsPerSecond * threads);

    /// <summary>
    /// The lines that are told: the work with an estimate of time and what the interactions take in memory, and the
    /// largest items.
    /// </summary>
    /// <param name="threads">Threads that will work.</param>
    public IEnumerable<string> Lines(int threads)
    {
        long pairs = UserPairs();
        double seconds = Seconds(pairs, threads);
        long mib = (SwingGraph.Bytes(Edges, Users, Items) + (1L << 20) - 1) >> 20;
        string time = seconds < 1 ? "less than a second" : seconds < 120 ? $"about {seconds:F0} s" : $"about {seconds / 60:F0} min";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{Edges:N0} interactions of {Items:N0} items, {pairs:N0} user pairs, {time}, {mib:N0} MiB held in memory");
        yield return "items with the most users: "
            + string.Join(", ", Largest.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Item} ({l.Users:N0})")));
    }
}
