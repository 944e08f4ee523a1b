namespace OneRec.Pipeline.Steps.Report.Model;

/// <summary>Rows that a step put into <c>quarantine</c> for one reason.</summary>
/// <param name="Step">The step.</param>
/// <param name="Reason">Why.</param>
/// <param name="Rows">How many.</param>
public sealed record RefusedReport(string Step, string Reason, long Rows);
