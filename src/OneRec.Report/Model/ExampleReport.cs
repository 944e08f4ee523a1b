namespace OneRec.Report.Model;

/// <summary>One item with its neighbours by Swing and by ID.</summary>
/// <param name="Item">The item.</param>
/// <param name="BySwing">Its most similar items by Swing, best first.</param>
/// <param name="BySid">The items that share the longest prefixes of its ID, longest first.</param>
public sealed record ExampleReport(
    ReportItem Item,
    IReadOnlyList<SwingNeighbour> BySwing,
    IReadOnlyList<ReportItem> BySid);

/// <summary>An item as shown on the page.</summary>
/// <param name="Id">The item id as text.</param>
/// <param name="Title">The title; null if there is none, in which case the id is shown.</param>
/// <param name="Sid">The codes, such as <c>12-7-99</c>; null if the item has no ID under the codebook.</param>
/// <param name="Slot">The slot among the items with the same codes, from 0; null without an ID.</param>
public sealed record ReportItem(string Id, string? Title, string? Sid, int? Slot)
{
    /// <summary>The title, or the id if there is none.</summary>
    public string Name => string.IsNullOrWhiteSpace(Title) ? Id : Title;

    /// <summary>The number of leading codes that two IDs share.</summary>
    /// <returns>0 if one of them is null; the number of levels if all codes are equal.</returns>
    public static int SharedCodes(string? left, string? right)
    {
        if (left is null || right is null)
        {
            return 0;
        }

        string[] a = left.Split('-');
        string[] b = right.Split('-');
        int shared = 0;
        while (shared < a.Length && shared < b.Length && a[shared] == b[shared])
        {
            shared++;
        }

        return shared;
    }
}

/// <summary>A neighbour by Swing.</summary>
/// <param name="Item">The neighbour.</param>
/// <param name="Score">The Swing score, unitless; higher is more similar.</param>
/// <param name="CommonUsers">Number of users who clicked both items.</param>
public sealed record SwingNeighbour(ReportItem Item, double Score, int CommonUsers);
