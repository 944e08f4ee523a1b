using System.Diagnostics;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Any number of threads and processes commit at once: each version has one winner and nothing is lost.</summary>
public sealed class RaceTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly DeltaTable _table;

    public RaceTests() => _table = DeltaTable.At(_scratch["t"]);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Of_many_threads_from_one_snapshot_one_wins()
    {
        const int Threads = 16;
        for (int round = 0; round < 10; round++)
        {
            Snapshot? read = _table.LatestSnapshot();
            long version = (read?.Version ?? -1) + 1;
            var results = new CommitResult[Threads];
            using var start = new Barrier(Threads);
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
            {
                Transaction change = _table.Begin(read, Tables.IdsByPart);
                start.SignalAndWait();
                results[i] = change.Commit("WRITE", userMetadata: $"thread {i}");
            }))];
            foreach (Thread thread in threads)
            {
                thread.Start();
            }

            foreach (Thread thread in threads)
            {
                thread.Join();
            }

            int winner = Array.FindIndex(results, r => r is CommitResult.Committed);
            Assert.Equal(Threads - 1, results.Count(r => r == new CommitResult.Conflict(version)));
            Assert.Equal(new CommitResult.Committed(version), results[winner]);
            Assert.Equal($"thread {winner}", _table.History().First().UserMetadata);
        }

        Assert.All(Directory.GetFiles(_scratch["t/_delta_log"]), f => Assert.EndsWith(".json", f, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Name_is_given_once_to_threads_that_ask_in_the_same_instant()
    {
        const int Rounds = 500;
        int arrived = 0;
        var won = new bool[2][];
        Directory.CreateDirectory(_scratch["l"]);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Factory.StartNew(
            () =>
            {
                won[i] = new bool[Rounds];
                for (int round = 0; round < Rounds; round++)
                {
                    string mine = _scratch[$"l/{round}.{i}"];
                    File.WriteAllText(mine, $"{i}");

                    // A barrier of the system wakes them one by one; spinning lets them go together.
                    Interlocked.Increment(ref arrived);
                    Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref arrived) >= 2 * (round + 1), TimeSpan.FromSeconds(20)));
                    won[i][round] = DurableFiles.Instance.Link(mine, _scratch[$"l/{round}"]);
                }
            },
            TaskCreationOptions.LongRunning)));
        for (int round = 0; round < Rounds; round++)
        {
            Assert.True(won[0][round] != won[1][round], $"round {round}: {won[0][round]} and {won[1][round]}");
            Assert.Equal(won[0][round] ? "0" : "1", File.ReadAllText(_scratch[$"l/{round}"]));
        }
    }

    [Fact]
    public void Appends_that_read_nothing_all_land_from_one_snapshot()
    {
        _table.Append((0, "a"));
        Snapshot read = _table.LatestSnapshot()!;
        var versions = new long[12];
        Thread[] threads = [.. Enumerable.Range(0, versions.Length).Select(i => new Thread(() =>
        {
            Transaction change = _table.Begin(read);
            change.Add(change.Write(Tables.Batch(("id", Tables.Longs(i + 1)), ("part", Tables.Texts("b")))));
            versions[i] = ((CommitResult.Committed)change.Commit("WRITE", onConflict: OnConflict.AppendAfter)).Version;
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(Enumerable.Range(1, 12).Select(v => (long)v), versions.Order());
        Assert.Equal(Enumerable.Range(0, 13).Select(i => (long)i), LogOracle.Rows(_table.Folder, 12).Select(r => r.Id).Order());
    }

    [Theory]
    [InlineData(2, 12, "append")]
    [InlineData(8, 4, "append")]
    [InlineData(2, 12, "after")]
    [InlineData(8, 4, "after")]
    public async Task Of_many_processes_each_version_has_one_winner_and_no_row_is_lost(int processes, int commits, string how)
    {
        (long Id, long Version)[][] told = await Task.WhenAll(Enumerable.Range(0, processes).Select(async i =>
        {
            using Process process = CommitterProcess.Start(_table.Folder, 1_000 * (i + 1), commits, how);
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
            return CommitterProcess.Told(output);
        }));
        (long Id, long Version)[] all = [.. told.SelectMany(t => t)];
        Assert.Equal(Enumerable.Range(0, processes * commits).Select(v => (long)v), all.Select(t => t.Version).Order());
        for (int i = 0; i < processes; i++)
        {
            Assert.Equal(Enumerable.Range(1_000 * (i + 1), commits).Select(id => (long)id), told[i].Select(t => t.Id));
        }

        List<(long Id, string? Part)> before = [];
        foreach ((long id, long version) in all.OrderBy(t => t.Version))
        {
            List<(long Id, string? Part)> after = LogOracle.Rows(_table.Folder, version);
            Assert.Equal([.. before.Append((id, "p" + (id % 3))).Order()], after);
            before = after;
        }

        Assert.Equal(all.Select(t => t.Id).Order(), Rows.Of(_table.LatestSnapshot()!, ["id"]).Select(long.Parse).Order());
    }
}
