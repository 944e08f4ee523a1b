using System.Text.Json;
using OneRec.Delta;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Job;

/// <summary>What PySpark with Delta Lake makes of the job's tables, and we of what it appends.</summary>
public sealed class PySparkTests(SampleJob sample) : IClassFixture<SampleJob>
{
    [Fact]
    public void PySpark_reads_the_tables_equal_to_ours_and_we_read_what_it_appends()
    {
        using PySparkSession spark = PySparkSession.StartOrSkip("3.5.3", "tests/OneRec.Cli.Tests/Job/pyspark/job_cases.py");
        string tables = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(tables));

        foreach (string table in new[] { "codebooks", "semantic_ids", "item_embeddings", "published" })
        {
            JsonElement theirs = spark.Call("rows", new { folder = Path.Combine(tables, table) });
            Assert.Equal(TableText.Of(tables, table), theirs.EnumerateArray().Select(l => l.GetString()!).Order(StringComparer.Ordinal));
        }

        string register = Path.Combine(Desk.Root, "jobs", "register.sql");
        string[] folders = Directory.GetDirectories(tables);
        JsonElement current = spark.Call("current_ids", new { register, tables });
        Assert.Equal(folders.Order(StringComparer.Ordinal), Directory.GetDirectories(tables).Order(StringComparer.Ordinal));
        string ours = OneRecCommand.Succeed(
            [.. sample.Command("sql", tables), "SELECT item_id, sid, slot FROM current_ids ORDER BY item_id", "--output", "csv"]);
        Assert.Equal(
            // CSV ends its records with CRLF (RFC 4180).
            ours.TrimEnd().Split("\r\n").Skip(1),
            current.EnumerateArray().Select(r => string.Join(',', r.EnumerateArray().Select(v => v.ToString()))));

        int before = TableText.Of(tables, "semantic_ids").Count;
        spark.Call("append_copy", new { folder = Path.Combine(tables, "semantic_ids"), codebook = "theirs" });
        IReadOnlyList<string> now = TableText.Of(tables, "semantic_ids");
        Assert.Equal(2 * before, now.Count);
        Assert.Equal(before, now.Count(l => l.EndsWith("'theirs'", StringComparison.Ordinal)));
        Assert.Equal(1, DeltaTable.At(Path.Combine(tables, "semantic_ids")).LatestVersion());
    }
}
