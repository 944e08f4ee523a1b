using System.Diagnostics;
using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Job;

/// <summary>A backfill by three processes that are killed again and again: the IDs and embeddings of one that never was, none twice.</summary>
[Trait(TestKind.Trait, TestKind.All)]
public sealed class BackfillKillTests : IDisposable
{
    private const int Kills = 20;
    private const int Processes = 3;
    private const int Items = 20_000;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Three_processes_killed_at_twenty_random_moments_leave_equal_rows_and_none_twice()
    {
        OneRecCommand.Succeed(
            "sample", "--out", _folder["data"], "--items", $"{Items}", "--users", "10", "--interactions", "10", "--tokens", "4x32");
        File.WriteAllLines(_folder["today.csv"], File.ReadLines(_folder["data/items.csv"]).Take(1_001));
        File.WriteAllText(
            _folder["conf.json"],
            """
            {
              "input": { "items": "today.csv", "tokens": "data/tokens.parquet" },
              "embed": { "inputs": [{ "block": "tokens" }], "commitItems": 400 },
              "train": { "levels": 3, "codes": 16 },
              "backfill": { "sliceItems": 900, "leaseSeconds": 5 }
            }
            """);
        foreach (string step in new[] { "ingest", "embed", "train", "assign", "publish" })
        {
            OneRecCommand.Succeed([step, "--conf", _folder["conf.json"], "--set", $"tables={_folder["undisturbed"]}"]);
        }

        Copy();
        OneRecCommand.Succeed(Command("undisturbed"));
        IReadOnlyList<string> ids = TableText.Of(_folder["undisturbed"], "semantic_ids");
        IReadOnlyList<string> embeddings = TableText.Of(_folder["undisturbed"], "item_embeddings");
        Assert.Equal(Items, ids.Count);

        var draws = new SplitMix64(77);
        int kills = 0;
        while (kills < Kills)
        {
            Process[] all = [.. Enumerable.Range(0, Processes).Select(_ => OneRecCommand.Start(Command("killed")))];
            foreach (Process process in all)
            {
                using (process)
                {
                    process.WaitForExit(TimeSpan.FromMilliseconds(500 + draws.NextBelow(1_500)));
                    if (Desk.Strike(process))
                    {
                        kills++;
                    }
                    else
                    {
                        Assert.Equal(0, process.ExitCode);
                    }
                }
            }

            TableText.RequireWhole(_folder["killed"]);
            if (TableText.Of(_folder["killed"], "semantic_ids").Count == Items)
            {
                // All was done before these kills: the rest of them strike a new table.
                RequireEqual(ids, embeddings);
                Directory.Delete(_folder["killed"], recursive: true);
                Restore();
            }
        }

        // Leases of killed processes of this machine need not expire.
        OneRecCommand.Succeed(Command("killed"));
        RequireEqual(ids, embeddings);
        Assert.Empty(Directory.GetDirectories(_folder["killed/_staging"]));
        Assert.Empty(Directory.GetDirectories(_folder["killed/.scratch-shared"]));
        OneRecCommand.Succeed(["verify", "--all", "--conf", _folder["conf.json"], "--set", $"tables={_folder["killed"]}"]);
    }

    private void RequireEqual(IReadOnlyList<string> ids, IReadOnlyList<string> embeddings)
    {
        Assert.Equal(ids, TableText.Of(_folder["killed"], "semantic_ids"));
        Assert.Equal(embeddings, TableText.Of(_folder["killed"], "item_embeddings"));
    }

    private string[] Command(string tables) =>
    [
        "backfill", "--conf", _folder["conf.json"], "--set", $"tables={_folder[tables]}", "--set", $"input.items={_folder["data/items.csv"]}",
    ];

    // The tables before the backfill, twice: one to be killed in, one to restore that from.
    private void Copy()
    {
        ScratchFolder.CopyTree(_folder["undisturbed"], _folder["killed"]);
        ScratchFolder.CopyTree(_folder["undisturbed"], _folder["before"]);
    }

    private void Restore() => ScratchFolder.CopyTree(_folder["before"], _folder["killed"]);
}
