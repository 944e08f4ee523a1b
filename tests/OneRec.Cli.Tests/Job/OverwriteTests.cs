namespace OneRec.Cli.Tests.Job;

/// <summary>A command writes no file over what it did not write itself.</summary>
public sealed class OverwriteTests(SampleJob sample) : IClassFixture<SampleJob>
{
    [Fact]
    public void A_report_replaces_a_report_and_nothing_else()
    {
        string tables = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(tables));
        string page = Path.Combine(tables, "report.html");
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(page), StringComparison.Ordinal);
        OneRecCommand.Succeed(sample.Command("report", tables, "report.items=3"));

        string items = Path.Combine(sample.Data, "items.csv");
        string commit = Path.Combine(tables, "items", "_delta_log", "00000000000000000000.json");
        foreach (string path in new[] { items, commit, sample.Data })
        {
            byte[] before = File.Exists(path) ? File.ReadAllBytes(path) : [];
            (int exit, _, string error) = OneRecCommand.Run(sample.Command("report", tables, $"report.path={path}"));

            Assert.Equal(2, exit);
            Assert.Contains($"error report.path: report.path {path} ", error, StringComparison.Ordinal);
            Assert.Equal(before, File.Exists(path) ? File.ReadAllBytes(path) : []);
        }

        (int refused, _, string said) = OneRecCommand.Run([.. sample.Command("compare", tables), "--ids", "current", "--page", items]);
        Assert.Equal((2, true), (refused, said.Contains($"error page: --page {items} exists and is not a report page", StringComparison.Ordinal)));

        // A new name in a log would be read as a commit.
        string next = Path.Combine(tables, "items", "_delta_log", "00000000000000000001.json");
        Assert.Equal(2, OneRecCommand.Run(sample.Command("report", tables, $"report.path={next}")).Exit);
        Assert.False(File.Exists(next));
    }

    [Fact]
    public void A_whole_job_is_refused_before_it_writes_a_table()
    {
        string tables = sample.NewTables();
        string items = Path.Combine(sample.Data, "items.csv");

        (int exit, _, string error) = OneRecCommand.Run(sample.Run(tables, $"report.path={items}"));

        Assert.Equal(2, exit);
        Assert.Equal(
            $"error report.path: report.path {items} exists and is not a report page, so it is not overwritten; set report.path to another file, or remove this one\n",
            error.Split('\n').Single(l => l.StartsWith("error ", StringComparison.Ordinal)) + "\n");
        Assert.False(Directory.Exists(Path.Combine(tables, "items")));
    }

    [Fact]
    public void A_sample_replaces_a_sample_and_no_file_of_the_user()
    {
        string own = Directory.CreateDirectory(sample.PathOf("own")).FullName;
        File.WriteAllText(Path.Combine(own, "items.csv"), "mine");

        (int exit, _, string error) = OneRecCommand.Run("sample", "--out", own, "--items", "20", "--interactions", "200", "--users", "10");

        Assert.Equal(2, exit);
        Assert.Contains(
            $"error sample.folder: {own}/items.csv is there already and was not written by 'onerec sample'; use another folder for --out, or move it away\n",
            error,
            StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(own, "items.csv")));

        File.Move(Path.Combine(own, "items.csv"), Path.Combine(own, "mine.csv"));
        OneRecCommand.Succeed("sample", "--out", own, "--items", "20", "--interactions", "200", "--users", "10");
        OneRecCommand.Succeed("sample", "--out", own, "--items", "30", "--interactions", "200", "--users", "10");
        Assert.Equal(31, File.ReadLines(Path.Combine(own, "items.csv")).Count());
    }
}
