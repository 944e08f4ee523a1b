namespace OneRec.Pipeline.Steps.Report.Model;

/// <summary>A number of rows that a step told: what went in, what was dropped and why.</summary>
/// <param name="Step">The step.</param>
/// <param name="Name">What was counted, in words.</param>
/// <param name="Value">The count.</param>
/// <param name="Dropped">Whether these rows were left out of what follows.</param>
public sealed record CountReport(string Step, string Name, double Value, bool Dropped);
