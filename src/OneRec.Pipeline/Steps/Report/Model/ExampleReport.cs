namespace OneRec.Pipeline.Steps.Report.Model;

/// <summary>One item with its neighbours by behaviour and by ID.</summary>
/// <param name="Item">The item.</param>
/// <param name="BySwing">Its most similar items by Swing, best first.</param>
/// <param name="BySid">Items that share the longest prefix of its ID, longest first.</param>
public sealed record ExampleReport(
    ReportItem Item,
    IReadOnlyList<SwingNeighbour> BySwing,
    IReadOnlyList<ReportItem> BySid);
