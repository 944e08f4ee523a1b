namespace OneRec.Pipeline.Steps.Report.Model;

/// <summary>A neighbour by behaviour.</summary>
/// <param name="Item">The neighbour.</param>
/// <param name="Score">Its Swing score, unitless, greater is closer.</param>
/// <param name="CommonUsers">Users who clicked both.</param>
public sealed record SwingNeighbour(ReportItem Item, double Score, int CommonUsers);
