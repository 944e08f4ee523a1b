using System.Globalization;

namespace OneRec.Pipeline.Steps.Backfill;

/// <summary>The slices from one to another, both included.</summary>
/// <param name="From">The first; null: no limit.</param>
/// <param name="To">The last, with all that begin with it; null: no limit.</param>
internal sealed record SliceRange(string? From, string? To)
{
    /// <summary>Whether a slice is one of them. Whole numbers are compared as numbers, other names by their characters.</summary>
    public bool Contains(string name) =>
        (From is null || Compare(name, From) >= 0)
        && (To is null || Compare(name, To) <= 0 || (!IsNumber(To) && name.StartsWith(To, StringComparison.Ordinal)));

    /// <summary>Compares the names of two slices.</summary>
    public static int Compare(string a, string b) => IsNumber(a) && IsNumber(b)
        ? long.Parse(a, CultureInfo.InvariantCulture).CompareTo(long.Parse(b, CultureInfo.InvariantCulture))
        : string.CompareOrdinal(a, b);

    private static bool IsNumber(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
}
