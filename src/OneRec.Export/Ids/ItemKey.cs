using System.Globalization;

namespace OneRec.Export.Ids;

/// <summary>An item id: a whole number, or a text where the tables have texts.</summary>
/// <param name="Number">The number; 0 for a text.</param>
/// <param name="Text">The text; null for a number.</param>
public readonly record struct ItemKey(long Number, string? Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text ?? Number.ToString(CultureInfo.InvariantCulture);
}
