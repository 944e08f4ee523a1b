namespace OneRec.Pipeline.Steps.Report.Model;

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
