using OneRec.Report.Page;

namespace OneRec.Report.Model;

/// <summary>One item with its neighbours by behaviour and by ID.</summary>
/// <param name="Item">The item.</param>
/// <param name="BySwing">Its most similar items by Swing, best first.</param>
/// <param name="BySid">Items that share the longest prefix of its ID, longest first.</param>
public sealed record ExampleReport(
    ReportItem Item,
    IReadOnlyList<SwingNeighbour> BySwing,
    IReadOnlyList<ReportItem> BySid);

/// <summary>An item as the page names it.</summary>
/// <param name="Id">Its id as text.</param>
/// <param name="Title">Its title; null where it has none, then the id stands for it.</param>
/// <param name="Sid">Its codes, such as <c>12-7-99</c>; null where it has no ID under the codebook.</param>
/// <param name="Slot">Its place among the items of the same codes, from 0; null without an ID.</param>
public sealed record ReportItem(string Id, string? Title, string? Sid, int? Slot)
{
    /// <summary>The title, or the id where there is none.</summary>
    public string Name => string.IsNullOrWhiteSpace(Title) ? Id : Title;

    /// <summary>Leading codes that two IDs share.</summary>
    /// <returns>0 where one has none; the number of levels where all are equal.</returns>
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

/// <summary>A neighbour by behaviour.</summary>
/// <param name="Item">The neighbour.</param>
/// <param name="Score">Its Swing score, unitless, greater is closer.</param>
/// <param name="CommonUsers">Users who clicked both.</param>
public sealed record SwingNeighbour(ReportItem Item, double Score, int CommonUsers);
