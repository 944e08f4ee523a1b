namespace OneRec.Export.Ids;

/// <summary>How many there are, twins kept apart as the policy says.</summary>
/// <param name="Items">Items exported.</param>
/// <param name="Ids">Different IDs among them.</param>
/// <param name="Twins">Items that had codes in common with another item, before the policy was applied.</param>
/// <param name="SharedIds">Codes that several items had in common.</param>
/// <param name="LeftOut">Twins that are not exported.</param>
/// <param name="HighestSlot">The highest slot exported.</param>
/// <param name="MostItems">The most items that one ID leads to.</param>
/// <param name="Deleted">Deleted items of the codebook, exported or not.</param>
public sealed record IdCounts(
    long Items, long Ids, long Twins, long SharedIds, long LeftOut, int HighestSlot, long MostItems, long Deleted);
