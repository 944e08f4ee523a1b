using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Report;

/// <summary>Section <c>report</c>: the page that tells how good the IDs are.</summary>
public sealed record ReportOptions : IOptionSection
{
    /// <summary>The page: one self-contained HTML file, written whole or not at all.</summary>
    /// <value>A file's path; its folder is made where it is missing. Default <c>./report.html</c>.</value>
    [ConfigPath]
    public string Path { get; init; } = "report.html";

    /// <summary>Items shown with their neighbours, spread over first codes, the most clicked first.</summary>
    /// <value>Items, 0 to 500. Default 24.</value>
    public int Items { get; init; } = 24;

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Require(!string.IsNullOrWhiteSpace(Path), "report.path", "must name a file", Path);
        problems.Require(
            string.IsNullOrWhiteSpace(Path) || System.IO.Path.GetFileName(Path).Length > 0,
            "report.path",
            "must name a file, not a folder",
            Path);
        problems.Require(Items is >= 0 and <= 500, "report.items", "must be 0 to 500", Items);
    }
}
