namespace OneRec.Export.Ids;

/// <summary>What an export does with twins: items that have the same codes.</summary>
public enum TwinPolicy
{
    /// <summary>They keep the same ID, which then leads to several items.</summary>
    Share,

    /// <summary>Every ID gets one more code, the slot: 0 for an item without twins.</summary>
    Slot,

    /// <summary>Only the twin with the lowest slot is exported.</summary>
    First,

    /// <summary>The export is refused if there are any.</summary>
    Fail,
}
