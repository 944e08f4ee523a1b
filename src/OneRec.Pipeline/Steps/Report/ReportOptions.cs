using OneRec.Core;

namespace OneRec.Pipeline.Steps.Report;

/// <summary>Section <c>report</c>: the page.</summary>
public sealed record ReportOptions
{
    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
