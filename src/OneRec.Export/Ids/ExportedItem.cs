namespace OneRec.Export.Ids;

/// <summary>An item with its ID, as it is exported.</summary>
/// <param name="Id">The item id.</param>
/// <param name="Codes">Its codes, coarse to fine; with <see cref="TwinPolicy.Slot"/> the last one is the slot.</param>
/// <param name="Slot">Its slot, unique among the items with the same codes of the codebook.</param>
/// <param name="NearestCode">The code of the last level that is nearest to its residual, whether or not it was full.</param>
/// <param name="Title">Its title; null if it has none or the format writes none.</param>
/// <param name="Caption">Its caption; null if it has none or the format writes none.</param>
public sealed record ExportedItem(ItemKey Id, int[] Codes, int Slot, int NearestCode, string? Title, string? Caption)
{
    /// <summary>
    /// Users that it has in common with the items that are similar to it by Swing, summed over these: how popular it is beside others.
    /// 0 if it is similar to none, or the format does not read it.
    /// </summary>
    public long Users { get; init; }

    /// <summary>The ID as text: codes joined by '-'.</summary>
    public string Sid => string.Join('-', Codes);

    /// <summary>Whether another item has the same ID.</summary>
    public bool HasIdOf(ExportedItem other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Codes.AsSpan().SequenceEqual(other.Codes);
    }
}
