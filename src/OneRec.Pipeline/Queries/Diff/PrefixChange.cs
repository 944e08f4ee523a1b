namespace OneRec.Pipeline.Queries.Diff;

/// <summary>What a prefix had, lost, got and has: before = stayed + departed + gone, after = stayed + arrived + new.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="Before">Items that had it.</param>
/// <param name="After">Items that have it.</param>
/// <param name="Stayed">Items with both.</param>
/// <param name="Departed">Items that had it and have another one.</param>
/// <param name="Gone">Items that had it and have no ID.</param>
/// <param name="Arrived">Items that have it and had another one.</param>
/// <param name="Fresh">Items that have it and had no ID.</param>
/// <param name="To">Where most of its items are now, itself included.</param>
/// <param name="From">Where most of its items were, itself included.</param>
internal sealed record PrefixChange(
    string Prefix,
    long Before,
    long After,
    long Stayed,
    long Departed,
    long Gone,
    long Arrived,
    long Fresh,
    IReadOnlyList<(string Prefix, long Items)> To,
    IReadOnlyList<(string Prefix, long Items)> From);

/// <summary>Prefixes of a length that changed.</summary>
/// <param name="Length">Their number of codes.</param>
/// <param name="Count">How many changed.</param>
/// <param name="Shown">Those that lost and got most.</param>
internal sealed record PrefixChanges(int Length, long Count, IReadOnlyList<PrefixChange> Shown)
{
    /// <summary>One of those shown.</summary>
    public PrefixChange this[int place] => Shown[place];
}

/// <summary>A level of the items that have an ID before and after.</summary>
/// <param name="Level">From 1.</param>
/// <param name="Moved">Items whose first codes up to the level differ.</param>
/// <param name="Items">All.</param>
/// <param name="TogetherBefore">Of pairs of items with the same prefix before, the share that has the same prefix after; null without pairs.</param>
/// <param name="TogetherAfter">Of pairs with the same prefix after, the share that had the same before; null without pairs.</param>
internal sealed record LevelChange(int Level, long Moved, long Items, double? TogetherBefore, double? TogetherAfter);
