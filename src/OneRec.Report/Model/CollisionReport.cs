using OneRec.Report.Page;

namespace OneRec.Report.Model;

/// <summary>How many items share all codes with another.</summary>
/// <param name="Items">Items with an ID, deleted ones left out.</param>
/// <param name="UniqueSids">Different IDs among them (slots left out).</param>
/// <param name="SharedItems">Items whose ID another item has too.</param>
/// <param name="LargestBucket">Items of the most crowded ID.</param>
public sealed record CollisionReport(long Items, long UniqueSids, long SharedItems, long LargestBucket)
{
    /// <summary>IDs by the number of items that hold them, ascending by size.</summary>
    public IReadOnlyList<BucketReport> Buckets { get; init; } = [];

    /// <summary>The most crowded IDs, largest first.</summary>
    public IReadOnlyList<CrowdedReport> Crowded { get; init; } = [];

    /// <summary>1 - unique IDs / items; 0 where there are no items.</summary>
    public double Rate => Items == 0 ? 0 : 1 - ((double)UniqueSids / Items);

    /// <summary>Share of items that are not alone under their ID; 0 where there are no items.</summary>
    public double SharedShare => Items == 0 ? 0 : (double)SharedItems / Items;
}

/// <summary>How many IDs are held by so many items.</summary>
/// <param name="Size">Items under one ID, at least 1.</param>
/// <param name="Sids">IDs of that size.</param>
public sealed record BucketReport(long Size, long Sids);

/// <summary>An ID that many items share.</summary>
/// <param name="Sid">The ID.</param>
/// <param name="Items">Items under it.</param>
/// <param name="Titles">Titles of a few of them, by slot.</param>
public sealed record CrowdedReport(string Sid, long Items, IReadOnlyList<string> Titles);
