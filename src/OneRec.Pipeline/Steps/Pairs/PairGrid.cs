namespace OneRec.Pipeline.Steps.Pairs;

/// <summary>How the finding of partners is cut: by the target's item, so that a task holds a part of the scores, and by the user.</summary>
/// <remarks>
/// Scores go to each part of the users, and a user's clicks to each part of the items that has targets of theirs. Of the
/// grids with as many parts as are worked on at once the one that moves the fewest rows is taken.
/// </remarks>
/// <param name="ItemParts">Parts by the item of a target.</param>
/// <param name="UserParts">Parts by the user.</param>
/// <param name="Rows">Rows of both that are shuffled, about.</param>
internal readonly record struct PairGrid(int ItemParts, int UserParts, long Rows)
{
    /// <summary>Rows of scores that a task may be given to hold: 200 MB with their ids.</summary>
    internal const long MostScores = 4_000_000;

    /// <summary>Parts in all.</summary>
    public int Parts => ItemParts * UserParts;

    /// <summary>The grid for some work.</summary>
    /// <param name="partitions">Partitions that are worked on at once.</param>
    /// <param name="scores">Rows of item_similarity that may pair.</param>
    /// <param name="clicks">Clicks, targets among them.</param>
    /// <param name="targets">Clicks that want a partner.</param>
    /// <param name="users">Users of the clicks.</param>
    public static PairGrid Of(int partitions, long scores, long clicks, long targets, long users)
    {
        int fewest = (int)Math.Min(int.MaxValue / 2, (scores + MostScores - 1) / MostScores);
        return Enumerable.Range(1, Math.Max(partitions, fewest))
            .Where(items => items >= fewest)
            .Select(items => Cut(items, (partitions + items - 1) / items))
            .MinBy(grid => grid.Rows);

        PairGrid Cut(int items, int byUser)
        {
            // Of so many parts those that a user's targets fall into, were items drawn at random.
            double met = items * (1 - Math.Pow(1 - (1.0 / items), (double)targets / Math.Max(1, users)));
            return new PairGrid(items, byUser, (scores * byUser) + (long)(clicks * met));
        }
    }
}
