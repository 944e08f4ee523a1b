using System.Globalization;
using OneRec.Kernels.Similarity;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>The amount of work of Swing on a log, reported before it starts.</summary>
/// <param name="Degrees">Number of items by number of users.</param>
/// <param name="Largest">The items with the most users, at most ten, in descending order.</param>
/// <param name="Users">Number of users.</param>
public sealed record SwingWork(
    IReadOnlyList<(long Users, long Items)> Degrees,
    IReadOnlyList<(string Item, long Users)> Largest,
    long Users)
{
    /// <summary>
    /// User pairs per second and core assumed by the estimate: set low, so that it overestimates the time.
    /// </summary>
    private const double PairsPerSecond = 20e6;

    /// <summary>Number of items.</summary>
    public long Items => Degrees.Sum(d => d.Items);

    /// <summary>Number of (user, item) edges.</summary>
    public long Edges => Degrees.Sum(d => d.Users * d.Items);

    /// <summary>
    /// The sum over items of C(users, 2), with at most the given number of users per item; saturates at the largest
    /// long.
    /// </summary>
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

    /// <summary>
    /// The largest <c>swing.maxItemUsers</c> whose work is within a limit; null if even 2 exceeds it.
    /// </summary>
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

    /// <summary>Estimated time for a number of user pairs, in seconds.</summary>
    public static double Seconds(long pairs, int threads) => pairs / (PairsPerSecond * threads);

    /// <summary>
    /// The lines to report: the work with estimates of time and of the memory that the interactions take, and the
    /// largest items.
    /// </summary>
    /// <param name="threads">Number of threads.</param>
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
