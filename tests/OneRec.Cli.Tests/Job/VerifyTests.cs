using System.Text.Json.Nodes;

namespace OneRec.Cli.Tests.Job;

/// <summary>Verification of the tables of a job.</summary>
public sealed class VerifyTests(SampleJob sample) : IClassFixture<SampleJob>
{
    [Fact]
    public void Tables_of_a_job_are_as_they_were_written_and_damage_is_named()
    {
        string tables = sample.NewTables();
        (int none, _, string why) = OneRecCommand.Run([.. sample.Command("verify", tables)]);
        Assert.Equal(4, none);
        Assert.Contains($"{tables} has no tables yet; run 'onerec run' first", why, StringComparison.Ordinal);
        OneRecCommand.Succeed(sample.Run(tables));

        string said = OneRecCommand.Succeed([.. sample.Command("verify", tables), "--all"]);
        Assert.EndsWith("everything is as it was written\n", said, StringComparison.Ordinal);
        Assert.Matches("semantic_ids +codes computed again +ok +600\n", said);
        Assert.Matches("published +generations without a gap +ok +1\n", said);

        // One bit of a footer: neither the engine nor page checksums see it.
        string file = Directory.GetFiles(Path.Combine(tables, "items"), "*.parquet").Single();
        byte[] bytes = File.ReadAllBytes(file);
        byte[] flipped = [.. bytes];
        flipped[^30] ^= 1;
        File.WriteAllBytes(file, flipped);
        (int exit, string output, _) = OneRecCommand.Run([.. sample.Command("verify", tables), "--output", "json"]);
        Assert.Equal(4, exit);
        JsonNode verdict = JsonNode.Parse(output)!;
        Assert.False((bool)verdict["ok"]!);
        string problem = (string)verdict["checks"]!.AsArray().Single(c => c!["problems"]!.AsArray().Count > 0)!["problems"]![0]!;
        Assert.Contains(Path.GetFileName(file), problem, StringComparison.Ordinal);
        Assert.EndsWith("restore the file", problem, StringComparison.Ordinal);

        // The cure that is named.
        File.WriteAllBytes(file, bytes);
        OneRecCommand.Succeed([.. sample.Command("verify", tables)]);

        // A table that was removed and made again is another one, with a log of its own.
        Directory.Delete(Path.Combine(tables, "item_similarity"), recursive: true);
        OneRecCommand.Succeed(sample.Run(tables));
        OneRecCommand.Succeed([.. sample.Command("verify", tables)]);
    }
}
