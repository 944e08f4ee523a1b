namespace OneRec.Report.Model;

/// <summary>How many items share all codes with another item.</summary>
/// <param name="Items">Number of items with an ID, without deleted items.</param>
/// <param name="UniqueSids">Number of distinct IDs, ignoring slots.</param>
/// <param name="SharedItems">Number of items that share their ID with another item.</param>
/// <param name="LargestBucket">Number of items under the most crowded ID.</param>
public sealed record CollisionReport(long Items, long UniqueSids, long SharedItems, long LargestBucket)
{
    /// <summary>Number of IDs by number of items per ID, in ascending order.</summary>
    public IReadOnlyList<BucketReport> Buckets { get; init; } = [];

    /// <summary>The most crowded IDs, largest first.</summary>
    public IReadOnlyList<CrowdedReport> Crowded { get; init; } = [];

    /// <summary>1 - unique IDs / items; 0 if there are no items.</summary>
    public double Rate => Items == 0 ? 0 : 1 - ((double)UniqueSids / Items);

    /// <summary>Share of items that share their ID with another item; 0 if there are no items.</summary>
    public double SharedShare => Items == 0 ? 0 : (double)SharedItems / Items;
}

/// <summary>The number of IDs with a given number of items.</summary>
/// <param name="Size">Items per ID, at least 1.</param>
/// <param name="Sids">Number of such IDs.</param>
public sealed record BucketReport(long Size, long Sids);

/// <summary>An ID that many items share.</summary>
/// <param name="Sid">The ID.</param>
/// <param name="Items">Number of items under it.</param>
/// <param name="Titles">Titles of a few of these items.</param>
public sealed record CrowdedReport(string Sid, long Items, IReadOnlyList<string> Titles);
