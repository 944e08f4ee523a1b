namespace OneRec.Report.Plots;

/// <summary>One axis of a plot.</summary>
/// <param name="Title">What it shows, with its unit.</param>
/// <param name="Low">Its low end.</param>
/// <param name="High">Its high end, above the low one.</param>
/// <param name="Whole">Whether only whole numbers make sense on it.</param>
internal sealed record PlotAxis(string Title, double Low, double High, bool Whole);
