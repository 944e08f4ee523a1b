using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OneRec.Cli.Tests.Job;

/// <summary>Lineages of the IDs of a job, as a user sees them.</summary>
public sealed partial class DescribeTests(SampleJob sample) : IClassFixture<SampleJob>
{
    [Fact]
    public void The_lineage_of_an_ID_is_told_in_every_format_while_a_run_holds_the_tables()
    {
        string tables = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(tables, "run.id=night-1"));
        using var held = new FileStream(Path.Combine(tables, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        string[] before = Files(tables);
        string[] describe = [.. sample.Command("describe", tables)];

        Assert.Equal(Expected, Masked(OneRecCommand.Succeed([.. describe, "3"])));
        JsonNode items = JsonNode.Parse(OneRecCommand.Succeed([.. describe, "3", "999999", "--output", "json"]))!["items"]!;
        Assert.Equal(3, (long)items[0]!["item_id"]!);
        Assert.Equal("[2,12,5]", items[0]!["id"]!["codes"]!.ToJsonString());
        Assert.Equal("night-1", (string)items[0]!["codebook"]!["trained_by"]!["run_id"]!);
        Assert.Equal(["why_none", "do"], items[1]!["id"]!.AsObject().Select(f => f.Key));
        Assert.Equal("it is not in items", (string)items[1]!["id"]!["why_none"]!);
        string[] csv = OneRecCommand.Succeed([.. describe, "3", "--output", "csv"]).Split("\r\n");
        Assert.Equal("item_id,section,name,value", csv[0]);
        Assert.Contains("3,id,sid,2-12-5", csv);
        Assert.Contains("3,codebook,published[0].generation,1", csv);
        Assert.Contains("3,log,pairs.i2i,19", csv);

        foreach (string hostile in (string[])["1;drop", "", "1' OR '1'='1", "99999999999999999999", new string('9', 100_000)])
        {
            (int exit, string output, string error) = OneRecCommand.Run([.. describe, "3", hostile]);
            Assert.Equal((2, ""), (exit, output));
            Assert.Contains("is not a valid item id: item ids in the tables are whole numbers\n", error, StringComparison.Ordinal);
        }

        Assert.Equal(before, Files(tables));
    }

    private static string[] Files(string tables) =>
        [.. Directory.EnumerateFiles(tables, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private string Expected => $"""
        item 3: 2-12-5 slot 0  Honest eyepiece with friends

        id
          sid               2-12-5
          slot              0
          codes             2, 12, 5
          nearest code      5
          error             0.08834534
          assigned at       TIME
          deleted at        not deleted
          run               night-1, assign: finished TIME in S s
                            read codebook 5a22f51967949423, item_embeddings version 0, items version 0; wrote semantic_ids version 0
                            onerec V, seed 1, fingerprint HASH

        embedding
          embedding hash    HASH
          model id          2ed9beb1d5fed69a
          exists            yes, in item_embeddings
          content hash      HASH
          content is        the item's current content
          embeddings        1 of the item of this model
          embed runs        table runs has one run of embed with this model before the ID was assigned: night-1, finished TIME
                            item_embeddings does not tell which run a row is of

        model
          model id          2ed9beb1d5fed69a
          kind              pooled: the blocks' vectors, not trained on the log
          blocks            token vectors

        codebook
          codebook id       5a22f51967949423
          codes             16 x 16 x 16, 3 levels
          trained on items  600 items
          trained by        night-1, train: finished TIME in S s
                            read item_embeddings version 0, items version 0; wrote codebooks version 0, quality version 0
                            onerec V, seed 1, fingerprint HASH
          published         as generation 1, the current one, at TIME by night-1

        catalogue
          in items          yes
          title             Honest eyepiece with friends
          caption           Telescopes: eyepiece and mirror with friends.
          tags              astronomy, telescopes, eyepiece
          content hash      HASH
          updated at        TIME
          deleted at        not deleted
          updated by        night-1, ingest: finished TIME in S s
                            read catalogue HASH..., tokens HASH...; wrote items version 0
                            onerec V, seed 1, fingerprint HASH
          configured        input.items is now {sample.Data}/items.csv; table runs has versions, not paths

        log
          similar items     19, by item_similarity version 0
          swing             night-1, swing: finished TIME in S s
                            read interactions HASH...; wrote item_similarity version 0
                            onerec V, seed 1, fingerprint HASH
          pairs             19 i2i, 4 u2i, by item_pairs version 0
          pairs by          night-1, pairs: finished TIME in S s
                            read interactions HASH..., item_similarity version 0; wrote item_pairs version 0
                            onerec V, seed 1, fingerprint HASH
          evaluated by      night-1, evaluate: finished TIME in S s
                            read codebook 5a22f51967949423, item_embeddings version 0, item_similarity version 0, items version 0, semantic_ids version 0; wrote quality version 1
                            onerec V, seed 1, fingerprint HASH
          configured        input.interactions is now {sample.Data}/interactions.csv; table runs has versions, not paths

        """.ReplaceLineEndings("\n");

    // What another night, another build or another copy of the files would have otherwise.
    private static string Masked(string text) =>
        Version().Replace(Seconds().Replace(Time().Replace(Hash().Replace(text, "HASH"), "TIME"), "in S s"), "onerec V,");

    [GeneratedRegex(@"\b[0-9a-f]{64}\b|\b[0-9a-f]{16}(?=\.\.\.)")]
    private static partial Regex Hash();

    [GeneratedRegex(@"\b20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC")]
    private static partial Regex Time();

    [GeneratedRegex(@"in \d+\.\d s\b")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"onerec \d\S+,")]
    private static partial Regex Version();
}
