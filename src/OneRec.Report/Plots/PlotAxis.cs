namespace OneRec.Report.Plots;

/// <summary>One axis of a plot.</summary>
/// <param name="Title">The title, with the unit.</param>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end, above the lower end.</param>
/// <param name="Whole">Whether to use whole numbers only.</param>
internal sealed record PlotAxis(string Title, double Low, double High, bool Whole);
