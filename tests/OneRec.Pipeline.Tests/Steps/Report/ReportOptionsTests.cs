using OneRec.Core;
using OneRec.Report;

namespace OneRec.Pipeline.Tests.Steps.Report;

public class ReportOptionsTests
{
    [Fact]
    public void Defaults_are_a_page_beside_the_work_and_two_dozen_items()
    {
        var options = new ReportOptions();
        Assert.Equal(("report.html", 24), (options.Path, options.Items));
        Assert.Empty(Problems(options));
    }

    [Fact]
    public void Every_problem_is_told_with_its_key() => Assert.Equal(
        ["report.path must name a file (got  )", "report.items must be 0 to 500 (got 501)"],
        Problems(new ReportOptions { Path = " ", Items = 501 }));

    [Fact]
    public void A_folder_is_no_page() => Assert.Equal(
        ["report.path must name a file, not a folder (got out/)"],
        Problems(new ReportOptions { Path = "out/", Items = 0 }));

    private static IReadOnlyList<string> Problems(ReportOptions options)
    {
        var problems = new Problems();
        options.Validate(problems);
        return problems.Lines;
    }
}
