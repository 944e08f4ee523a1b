namespace OneRec.Report.Model;

/// <summary>The prefixes of the first two levels, the largest first.</summary>
/// <param name="Prefixes">The largest prefixes of the first level, those below each within it.</param>
/// <param name="More">Number of prefixes of the first level that are not shown.</param>
/// <param name="MoreItems">Number of items below those.</param>
public sealed record TreeReport(IReadOnlyList<PrefixReport> Prefixes, long More, long MoreItems);

/// <summary>A prefix of semantic IDs.</summary>
/// <param name="Prefix">Its codes, such as <c>12</c> or <c>12-7</c>.</param>
/// <param name="Items">Number of items with it, at least 1.</param>
public sealed record PrefixReport(string Prefix, long Items)
{
    /// <summary>Words that its items have more often than others, the most telling first.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Titles of its most clicked items; the id where there is no title.</summary>
    public IReadOnlyList<string> Titles { get; init; } = [];

    /// <summary>The largest prefixes below it; empty where there are none, or at the second level.</summary>
    public IReadOnlyList<PrefixReport> Children { get; init; } = [];

    /// <summary>Number of prefixes below it, also those that are not shown.</summary>
    public long AllChildren { get; init; }
}
