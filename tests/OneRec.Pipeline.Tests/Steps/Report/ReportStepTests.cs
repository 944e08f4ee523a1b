using System.Globalization;
using System.Xml.Linq;
using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;
using OneRec.Report;

namespace OneRec.Pipeline.Tests.Steps.Report;

public class ReportStepTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Page_tells_what_the_tables_hold(bool textIds)
    {
        using ReportTables tables = new ReportTables(textIds).Fill();

        StepSummary step = Assert.Single(tables.Report().Steps);

        Assert.False(step.UpToDate);
        XElement page = ReportPageTests.Parse(File.ReadAllText(tables.Page));
        // 6 items under 4 IDs: 0-1 and 2-1 hold two each; the deleted third item of 0-1 is left out.
        Assert.Equal(
            ["6", "4", "33.3\u00A0%", "4 (66.7\u00A0%)", "2 items"],
            page.Descendants("section").Single(s => (string?)s.Attribute("id") == "collisions").Descendants("dd").Select(e => e.Value));
        Assert.Equal(
            [
                "0 4 0.300 60.0\u00A0% 75.0\u00A0% 0.900 / 1.39 2.46 80.0\u00A0% 70.0\u00A0% 30.0\u00A0%",
                "1 2 0.200 40.0\u00A0% 75.0\u00A0% 1.90 / 0.693 6.69 60.0\u00A0% not measured 20.0\u00A0%",
            ],
            Rows(page, "Measures by level").Select(cells => string.Join(' ', cells)));
        Assert.Equal(["0 3 50.0\u00A0%", "2 2 33.3\u00A0%", "3 1 16.7\u00A0%", "1 0 0\u00A0%"], Rows(page, "The 4 most used codes").Select(c => string.Join(' ', c)));
        Assert.Equal(["0 1.00", "1 0.500", "2 0.333", "3 0.250", "4 0.200"], Rows(page, "Objective by iteration").Select(c => string.Join(' ', c)));
        Assert.Equal(4, page.Descendants("svg").Count());
        Assert.Contains("2 items got their IDs in run run-1, 4 kept their ID.", page.Value, StringComparison.Ordinal);
        Assert.Contains("Readers use these IDs: generation 1", page.Value, StringComparison.Ordinal);
        Assert.Contains("+25.0 points, better", page.Value, StringComparison.Ordinal);
        Assert.Equal(["swing users 671", "dropped: users below minUserItems 41"], Rows(page, "Facts by step").Select(c => string.Join(' ', c)));
        Assert.Equal(["swing", "evaluate"], Rows(page, "Steps, each").Select(c => c[0]));
        Assert.Contains("caps.maxUserItems", page.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Items_are_the_most_clicked_of_each_first_code_with_both_kinds_of_neighbours(bool textIds)
    {
        using ReportTables tables = new ReportTables(textIds).Fill();

        tables.Report();

        XElement page = ReportPageTests.Parse(File.ReadAllText(tables.Page));
        string script = SampleReport.HostileTitles[0];
        // First codes 0, 2, 3 by their best item, then the second of 0 (two: 9 clicks), of 2 (five), then the third of 0.
        Assert.Equal([script, "four", Name(tables, 6), "two", "five", "three"], page.Descendants("article").Where(IsCard).Select(a => a.Descendants("h3").Single().Value));
        XElement first = page.Descendants("article").First(IsCard);
        Assert.Equal(["two 0.500 0-1", "four 0.250 2-1", "gone 0.125 no ID"], Rows(first, "Neighbours by Swing").Select(c => string.Join(' ', c)));
        Assert.Equal(["two 0-1", "three 0-0"], Rows(first, "Neighbours by ID").Select(c => string.Join(' ', c)));
        Assert.Equal(["0-1", "0-1", "0"], first.Descendants("mark").Select(e => e.Value));
        Assert.Contains("No Swing neighbours", page.Descendants("article").Where(IsCard).ElementAt(2).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_items_as_asked_for_are_shown()
    {
        using ReportTables tables = new ReportTables().Fill();
        tables.Options = tables.Options with { Sections = [tables.Options.Section<ReportOptions>() with { Items = 2 }] };

        tables.Report();

        XElement page = ReportPageTests.Parse(File.ReadAllText(tables.Page));
        Assert.Equal([SampleReport.HostileTitles[0], "four"], page.Descendants("article").Where(IsCard).Select(a => a.Descendants("h3").Single().Value));
    }

    [Fact]
    public void Row_order_of_the_tables_changes_no_byte()
    {
        using ReportTables one = new ReportTables().Fill();
        using ReportTables other = new ReportTables().Fill(shuffled: true);

        one.Report();
        other.Report();

        Assert.Equal(File.ReadAllText(one.Page), File.ReadAllText(other.Page));
    }

    [Fact]
    public void Page_is_up_to_date_until_a_table_changes_or_it_is_lost()
    {
        using ReportTables tables = new ReportTables().Fill();
        Assert.False(tables.Report().Steps[0].UpToDate);
        DateTime written = File.GetLastWriteTimeUtc(tables.Page);

        Assert.True(tables.Report().Steps[0].UpToDate);
        Assert.Equal(written, File.GetLastWriteTimeUtc(tables.Page));

        tables.Publish(2);
        Assert.False(tables.Report().Steps[0].UpToDate);
        Assert.True(tables.Report().Steps[0].UpToDate);

        File.Delete(tables.Page);
        Assert.False(tables.Report().Steps[0].UpToDate);
        tables.Options = tables.Options with { Sections = [tables.Options.Section<ReportOptions>() with { Items = 1 }] };
        Assert.False(tables.Report().Steps[0].UpToDate);
    }

    [Fact]
    public void A_table_that_is_not_there_is_told_with_the_step_that_makes_it()
    {
        using var tables = new ReportTables();

        OneRecException e = Assert.Throws<OneRecException>(tables.Report);

        Assert.Equal((ErrorKind.Table, "report.no-table"), (e.Kind, e.Code));
        Assert.Equal($"there is no table 'semantic_ids' yet; run 'onerec assign' first", e.Message);
        Assert.False(File.Exists(tables.Page));
    }

    [Fact]
    public void An_id_that_the_codebook_does_not_have_is_refused()
    {
        using ReportTables tables = new ReportTables().Fill();
        tables.WriteId(9, "4-0");

        OneRecException e = Assert.Throws<OneRecException>(tables.Report);

        Assert.Equal("report.foreign-id", e.Code);
        Assert.Equal("semantic_ids: an ID has code '4' at level 0, which is not in table codebooks; run 'onerec assign' again", e.Message);
    }

    [Fact]
    public void Refused_rows_of_the_newest_run_are_counted()
    {
        using ReportTables tables = new ReportTables().Fill();
        tables.Write(
            OneRecTables.Quarantine(),
            "swing",
            "run-1",
            [
                ["run-1", "swing", "log.csv", 1L, "no time", null], ["run-1", "swing", "log.csv", 2L, "no time", null],
                ["run-0", "swing", "log.csv", 1L, "older", null],
            ]);

        tables.Report();

        XElement page = ReportPageTests.Parse(File.ReadAllText(tables.Page));
        Assert.Contains("swing no time 2", Rows(page, "Rows rejected").Select(c => string.Join(' ', c)));
        Assert.DoesNotContain("older", page.Value, StringComparison.Ordinal);
    }

    private static string Name(ReportTables tables, int id) => Convert.ToString(tables.Id(id), CultureInfo.InvariantCulture)!;

    private static bool IsCard(XElement element) => (string?)element.Attribute("class") == "card";

    // The body's cells of the first table whose caption begins so.
    private static IEnumerable<string[]> Rows(XElement within, string caption) => within.Descendants("table")
        .First(t => t.Element("caption")!.Value.StartsWith(caption, StringComparison.Ordinal))
        .Elements("tbody").Elements("tr")
        .Select(tr => tr.Elements().Select(cell => cell.Value).ToArray());
}
