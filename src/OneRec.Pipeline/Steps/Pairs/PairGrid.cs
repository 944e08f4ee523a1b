namespace OneRec.Pipeline.Steps.Pairs;

/// <summary>
/// How the search for partners is split: by the target's item, so that a task holds part of the scores, and by user.
/// </summary>
/// <remarks>
/// Scores are sent to every user part, and a user's clicks to every item part that contains one of the user's targets.
/// Of all grids with at least one part per concurrent partition, the one that moves the fewest rows is chosen.
/// </remarks>
/// <param name="ItemParts">Number of parts by target item.</param>
/// <param name="UserParts">Number of parts by user.</param>
/// <param name="Rows">Estimated number of shuffled rows, clicks and scores together.</param>
internal readonly record struct PairGrid(int ItemParts, int UserParts, long Rows)
{
    /// <summary>Maximum number of scores that a task holds: 200 MB with their ids.</summary>
    internal const long MostScores = 4_000_000;

    /// <summary>Total number of parts.</summary>
    public int Parts => ItemParts * UserParts;

    /// <summary>Chooses the grid that shuffles the fewest rows.</summary>
    /// <param name="partitions">Number of partitions processed concurrently.</param>
    /// <param name="scores">Number of rows of <c>item_similarity</c> that can form a pair.</param>
    /// <param name="clicks">Number of clicks, including targets.</param>
    /// <param name="targets">Number of clicks that need a partner.</param>
    /// <param name="users">Number of users with clicks.</param>
    public static PairGrid Choose(int partitions, long scores, long clicks, long targets, long users)
    {
        int fewest = (int)Math.Min(int.MaxValue / 2, (scores + MostScores - 1) / MostScores);
        return Enumerable.Range(1, Math.Max(partitions, fewest))
            .Where(items => items >= fewest)
            .Select(items => Cut(items, (partitions + items - 1) / items))
            .MinBy(grid => grid.Rows);

        PairGrid Cut(int items, int byUser)
        {
            // Expected number of item parts that contain a target of a user if items were drawn at random.
            double hit = items * (1 - Math.Pow(1 - (1.0 / items), (double)targets / Math.Max(1, users)));
            return new PairGrid(items, byUser, (scores * byUser) + (long)(clicks * hit));
        }
    }
}
