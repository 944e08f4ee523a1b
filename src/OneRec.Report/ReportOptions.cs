using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Report;

/// <summary>Section <c>report</c>: the report page on the quality of the IDs.</summary>
public sealed record ReportOptions : IOptionSection
{
    /// <summary>Path of the report page, one self-contained HTML file that is replaced atomically.</summary>
    /// <value>A file path; missing folders are created. A file that is not a report page is not overwritten. Default <c>./report.html</c>.</value>
    [ConfigPath]
    public string Path { get; init; } = "report.html";

    /// <summary>
    /// Number of example items shown with their neighbours: the most clicked items, spread over first codes.
    /// </summary>
    /// <value>0 to 500. Default 24.</value>
    public int Items { get; init; } = 24;

    /// <summary>
    /// Number of first codes shown with their words, titles and the prefixes below them: the largest. Their words are counted anew, which takes
    /// a while where there are millions of items.
    /// </summary>
    /// <value>0 to 2,000; 0 leaves prefixes out. Default 512.</value>
    public int Prefixes { get; init; } = 512;

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
        problems.Require(Prefixes is >= 0 and <= 2_000, "report.prefixes", "must be 0 to 2000", Prefixes);
    }
}
