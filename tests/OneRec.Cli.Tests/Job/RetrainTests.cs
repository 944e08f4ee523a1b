namespace OneRec.Cli.Tests.Job;

/// <summary>In a run that trains, all later steps work on the codebook that was trained; readers see it once it is published.</summary>
public sealed class RetrainTests(SampleJob sample) : IClassFixture<SampleJob>
{
    [Fact]
    public void Retrained_codebook_gets_ids_and_measures_and_is_published_only_when_told()
    {
        string tables = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(tables));
        string first = Codebooks(tables, "published").Single();

        OneRecCommand.Succeed(sample.Run(tables, "train.codes=8", "run.retrain=true"));
        string[] trained = Codebooks(tables, "semantic_ids");
        string second = trained.Single(id => id != first);
        Assert.Equal([first], Codebooks(tables, "published"));
        Assert.Contains(second, Codebooks(tables, "quality"));
        Assert.Contains(second, File.ReadAllText(Path.Combine(tables, "report.html")), StringComparison.Ordinal);

        // A second time nothing is left to do.
        Assert.Contains(
            "everything was up to date",
            OneRecCommand.Succeed(sample.Run(tables, "train.codes=8", "run.retrain=true")),
            StringComparison.Ordinal);

        OneRecCommand.Succeed(sample.Run(tables, "train.codes=4", "run.retrain=true", "publish.auto=true"));
        string third = Codebooks(tables, "semantic_ids").Except([first, second]).Single();
        Assert.Equal(new[] { first, third }.Order(StringComparer.Ordinal), Codebooks(tables, "published"));
        Assert.Contains(third, OneRecCommand.Succeed([.. sample.Command("sql", tables), "SELECT DISTINCT codebook_id FROM current_ids"]), StringComparison.Ordinal);
    }

    private static string[] Codebooks(string tables, string table) =>
        [.. TableText.Column(tables, table, "codebook_id").Distinct().Order(StringComparer.Ordinal)];
}
