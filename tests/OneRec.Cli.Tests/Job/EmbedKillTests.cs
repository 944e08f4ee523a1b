using System.Diagnostics;
using OneRec.Core;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Cli.Tests.Job;

/// <summary>Step <c>embed</c>, with text, images and token vectors, killed again and again: equal rows, none twice.</summary>
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class EmbedKillTests : IDisposable
{
    private const int Kills = 20;
    private readonly ScratchFolder _folder = new();

    [Fact]
    public void Killed_at_twenty_random_moments_and_resumed_it_leaves_equal_rows_and_none_twice()
    {
        OneRecCommand.Succeed(
            "sample", "--out", _folder["data"], "--items", "8000", "--users", "10", "--interactions", "10", "--tokens", "3x16", "--covers", "6000");
        string text = new TinyEncoder().WriteTo(_folder["text"]);
        string image = new TinyImageEncoder().WriteTo(_folder["image"]);
        File.WriteAllText(
            _folder["conf.json"],
            $$"""
            {
              "input": { "items": "data/items.csv", "tokens": "data/tokens.parquet", "images": "data/covers.parquet" },
              "embed": {
                "inputs": [
                  { "block": "text", "encoder": "{{text}}", "fields": ["title", "caption:8"] },
                  { "block": "image", "encoder": "{{image}}", "weight": 0.5 },
                  { "block": "tokens", "weight": 2 }
                ],
                "commitItems": 50
              }
            }
            """);
        OneRecCommand.Succeed(Command("ingest", "undisturbed"));
        OneRecCommand.Succeed(Command("ingest", "killed"));
        OneRecCommand.Succeed(Command("embed", "undisturbed"));
        IReadOnlyList<string> expected = TableText.Of(_folder["undisturbed"], "item_embeddings");
        Assert.Equal(8000, expected.Count);

        var draws = new SplitMix64(20);
        int kills = 0;
        while (kills < Kills)
        {
            using Process process = OneRecCommand.Start(Command("embed", "killed"));
            process.WaitForExit(TimeSpan.FromMilliseconds(300 + draws.NextBelow(900)));
            if (Desk.Strike(process))
            {
                kills++;
            }
            else
            {
                Assert.Equal(0, process.ExitCode);

                // All was done before this kill: the rest of them strike a new table.
                RequireEqual(expected);
                Directory.Delete(_folder["killed"], recursive: true);
                OneRecCommand.Succeed(Command("ingest", "killed"));
            }
        }

        OneRecCommand.Succeed(Command("embed", "killed"));
        RequireEqual(expected);
    }

    public void Dispose() => _folder.Dispose();

    private void RequireEqual(IReadOnlyList<string> expected)
    {
        IReadOnlyList<string> rows = TableText.Of(_folder["killed"], "item_embeddings");
        Assert.Equal(rows.Count, rows.Select(r => r.Split('\t')[0]).Distinct().Count());
        Assert.Equal(expected, rows);
    }

    private string[] Command(string step, string tables) =>
        [step, "--conf", _folder["conf.json"], "--set", $"tables={_folder[tables]}"];
}
