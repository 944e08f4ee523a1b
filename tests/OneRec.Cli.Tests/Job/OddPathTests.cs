namespace OneRec.Cli.Tests.Job;

/// <summary>Folders whose names look like patterns, and what is known of lost tables before a run.</summary>
public sealed class OddPathTests(SampleJob sample) : IClassFixture<SampleJob>
{
    [Fact]
    public void A_tables_folder_whose_name_looks_like_a_pattern_is_read_and_written()
    {
        string tables = sample.PathOf("[prod] {a,b} *?");
        OneRecCommand.Succeed(sample.Run(tables));
        Assert.Contains("600", OneRecCommand.Succeed([.. sample.Command("sql", tables), "SELECT count(*) FROM current_ids"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_refuses_tables_that_a_run_would_refuse()
    {
        string tables = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(tables));
        Directory.Delete(Path.Combine(tables, "published"), recursive: true);
        foreach (string command in new[] { "check", "run" })
        {
            (int exit, _, string error) = OneRecCommand.Run(sample.Command(command, tables));
            Assert.Equal(4, exit);
            Assert.Contains("error published.lost: published: the table does not exist, but run ", error, StringComparison.Ordinal);
        }
    }
}
