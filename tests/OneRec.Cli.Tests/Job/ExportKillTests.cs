using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Job;

/// <summary>Exports that are killed: the folder is a whole export, the one before or the new one, at any moment.</summary>
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class ExportKillTests(SampleJob sample) : IClassFixture<SampleJob>
{
    private const int Kills = 12;

    [Fact]
    public void Killed_at_random_moments_an_export_leaves_a_whole_one()
    {
        string tables = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(tables));
        string above = sample.PathOf("exports");
        string folder = Path.Combine(above, "films");
        string[] export = [.. sample.Command("export", tables), "--out", folder, "--overwrite", "--format"];
        OneRecCommand.Succeed([.. export, "csv"]);
        SplitMix64 draws = new(22);
        string[] formats = ["trie", "torcheasyrec", "csv"];
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process process = OneRecCommand.Start([.. export, formats[kill % formats.Length]]);
            process.WaitForExit(TimeSpan.FromMilliseconds(400 + draws.NextBelow(1_200)));
            Desk.Strike(process);
            RequireWhole(folder);
        }

        // What the killed ones left is cleared by the next.
        OneRecCommand.Succeed([.. export, "csv"]);
        Assert.Equal("csv", RequireWhole(folder));
        Assert.Equal(["films"], Directory.GetFileSystemEntries(above).Select(Path.GetFileName));
    }

    [Fact]
    public void What_a_user_reads_is_what_was_written_and_refusals_have_their_exit_codes()
    {
        string tables = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(tables));
        string folder = sample.PathOf("ids");
        string[] export = [.. sample.Command("export", tables), "--out", folder];
        JsonNode told = JsonNode.Parse(OneRecCommand.Succeed([.. export, "--format", "jsonl", "--output", "json"]))!;
        Assert.Equal((600, 600), ((int)told["items"]!, File.ReadLines(Path.Combine(folder, "item_to_sid.jsonl")).Count()));
        Assert.Equal((int)told["IDs"]!, File.ReadLines(Path.Combine(folder, "sid_to_items.jsonl")).Count());
        Assert.Equal(Directory.GetFiles(folder).Sum(f => new FileInfo(f).Length), (long)told["size"]!);
        Assert.True((int)told["twins"]!["items"]! > 0);

        (int exit, string output, string error) = OneRecCommand.Run([.. export, "--format", "jsonl"]);
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains("add --overwrite to replace an earlier export", error, StringComparison.Ordinal);
        OneRecCommand.Succeed([.. export, "--format", "grid", "--overwrite"]);
        Assert.Equal("grid", RequireWhole(folder));
        (exit, output, error) = OneRecCommand.Run([.. export, "--format", "grid", "--overwrite", "--twins", "fail"]);
        Assert.Equal((3, ""), (exit, output));
        Assert.Contains("; use --twins slot, first or share\n", error, StringComparison.Ordinal);
        Assert.Equal("grid", RequireWhole(folder));
    }

    // The note names every file with its hash.
    private static string RequireWhole(string folder)
    {
        JsonNode note = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "export.json")))!;
        Assert.All(note["files"]!.AsArray(), file => Assert.Equal(
            (string)file!["sha256"]!, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, (string)file["name"]!))))));
        Assert.Equal(
            note["files"]!.AsArray().Count + 1, Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count(f => Path.GetFileName(f) != ".lock"));
        return (string)note["format"]!;
    }
}
