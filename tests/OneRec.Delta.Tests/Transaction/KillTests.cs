using System.Diagnostics;
using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>A committing process is killed at random moments: the table is whole, and what it said is in is in.</summary>
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class KillTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("append")]
    [InlineData("replace")]
    public async Task Killed_at_any_moment_the_table_is_whole(string how)
    {
        const int Kills = 40;
        DeltaTable table = DeltaTable.At(_scratch[how]);
        var random = new SplitMix64(7);
        long nextId = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process process = CommitterProcess.Start(table.Folder, nextId, 0, how);
            Task<string?> first = process.StandardOutput.ReadLineAsync();

            // Three of four kills come among commits, however slow the machine; the others while the process starts.
            if (kill % 4 != 0)
            {
                await first.WaitAsync(TimeSpan.FromMinutes(2));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(random.NextBelow(300)));
            Assert.True(Desk.Strike(process), $"the committer ended by itself with {process.ExitCode}");
            string output = await first is { } line ? line + "\n" + await process.StandardOutput.ReadToEndAsync() : "";
            (long Id, long Version)[] told = CommitterProcess.Told(output);
            nextId = RequireWhole(table, how, nextId, told);
        }

        int leftovers = Directory.GetFiles(Path.Combine(table.Folder, "_delta_log"), "*.tmp").Length;
        TestContext.Current.SendDiagnosticMessage(
            "{0}: version {1} after {2} kills, {3} temporary files left", how, table.LatestVersion(), Kills, leftovers);
        Assert.True(nextId > Kills / 2, $"only {nextId} commits in {Kills} runs: the kills came too early to prove anything");

        // Nobody cleans up, and the next writer is not disturbed.
        using Process last = CommitterProcess.Start(table.Folder, nextId, 1, how);
        await last.WaitForExitAsync();
        Assert.Equal(0, last.ExitCode);
        Assert.Equal(nextId, table.LatestVersion());
    }

    /// <summary>Checks the newest version by hand and by our reader; gives the next id.</summary>
    private static long RequireWhole(DeltaTable table, string how, long firstId, (long Id, long Version)[] told)
    {
        long? newest = table.LatestVersion();
        if (newest is not { } version)
        {
            Assert.Empty(told);
            return firstId;
        }

        // Id n is committed as version n by the one writer; at most one commit is in and was not told.
        Assert.All(told, t => Assert.Equal(t.Id, t.Version));
        long lastTold = told.Length == 0 ? firstId - 1 : told[^1].Id;
        Assert.InRange(version, lastTold, lastTold + 1);
        List<(long Id, string? Part)> rows = LogOracle.Rows(table.Folder, version);
        Assert.Equal(
            how == "replace"
                ? [(version, "a"), (version, "b")]
                : Enumerable.Range(0, (int)version + 1).Select(id => ((long)id, (string?)("p" + (id % 3)))),
            rows);
        Assert.Equal(rows.Select(r => r.Id).Order(), Rows.Of(table.LatestSnapshot()!, ["id"]).Select(long.Parse).Order());
        return version + 1;
    }
}
