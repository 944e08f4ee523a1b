namespace OneRec.Pipeline.Steps.Report.Model;

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
