using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Commits and checkpoints that no version within the retention needs.</summary>
public sealed class LogCleanUpTests : IDisposable
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);
    private readonly ScratchFolder _scratch = new();
    private readonly SetClock _clock = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly DeltaTable _table;

    public LogCleanUpTests() => _table = DeltaTable.At(_scratch["t"], _clock);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Versions_from_the_newest_old_checkpoint_on_stay_readable()
    {
        Commits(35, daily: true);
        List<string> rows = Rows.Of(_table.LatestSnapshot()!).Sorted();
        Assert.Equal([], _table.CleanUpLog(TimeSpan.FromDays(40)));

        // 35 days; the checkpoints are of the days 10, 20 and 30, and the one of day 10 is older than 20 days.
        Assert.Equal(10, _table.CleanUpLog(TimeSpan.FromDays(20), dryRun: true).Count);
        Assert.Equal(rows, Rows.Of(_table.LatestSnapshot()!).Sorted());
        Assert.True(File.Exists(Log("00000000000000000000.json")));
        Assert.Equal(Enumerable.Range(0, 10).Select(v => $"{v:D20}.json"), _table.CleanUpLog(TimeSpan.FromDays(20)).Select(f => Path.GetFileName(f.Path)));
        Assert.Equal(rows, Rows.Of(_table.LatestSnapshot()!).Sorted());
        Assert.Equal(11, Rows.Of(_table.SnapshotAt(10)).Count);
        Assert.Equal("delta.version-missing", Assert.Throws<OneRecException>(() => _table.SnapshotAt(9)).Code);
        Assert.Equal(new CommitResult.Committed(35), _table.Append((35, "a")));
        Assert.Equal([], _table.CleanUpLog(TimeSpan.FromDays(20)));
    }

    [Fact]
    public void Without_an_old_checkpoint_nothing_goes()
    {
        Commits(9, daily: true);
        _clock.Now += TimeSpan.FromDays(100);
        Assert.Equal([], _table.CleanUpLog(Month));
        _table.WriteCheckpoint();
        Assert.Equal([], _table.CleanUpLog(Month));
    }

    [Fact]
    public void Newest_commit_that_changed_data_stays_with_all_after_it()
    {
        Commits(4, daily: true);
        for (int i = 0; i < 30; i++)
        {
            Age(_table.BeginRearrangement(_table.LatestSnapshot()!).Commit("OPTIMIZE"));
        }

        _table.WriteCheckpoint();
        _clock.Now += TimeSpan.FromDays(400);
        Assert.Equal([], _table.CleanUpLog(Month));
        Assert.Equal(3, _table.History().First(h => h.ChangesData).Version);
    }

    [Fact]
    public void Clock_that_was_set_back_removes_nothing()
    {
        Commits(25, daily: true);
        _clock.Now -= TimeSpan.FromDays(5000);
        Assert.Equal([], _table.CleanUpLog(Month));
    }

    [Fact]
    public void Files_that_are_not_of_the_log_stay()
    {
        Commits(35, daily: true);
        foreach (string name in new[] { "00000000000000000001.crc", "notes.txt", "00000000000000000003.json.tmp", "_last_checkpoint" })
        {
            File.WriteAllText(Log(name), "");
            File.SetLastWriteTimeUtc(Log(name), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        Assert.Equal(10, _table.CleanUpLog(TimeSpan.FromDays(20)).Count);
        Assert.Equal(4, new[] { "00000000000000000001.crc", "notes.txt", "00000000000000000003.json.tmp", "_last_checkpoint" }.Count(n => File.Exists(Log(n))));
    }

    private void Commits(int count, bool daily)
    {
        for (int i = 0; i < count; i++)
        {
            Age(_table.Append((i, "p" + (i % 3))));
            _clock.Now += daily ? TimeSpan.FromDays(1) : TimeSpan.Zero;
        }
    }

    // Files have the times of the disk, which the clock of the test does not set.
    private void Age(CommitResult result)
    {
        long version = ((CommitResult.Committed)result).Version;
        foreach (string file in Directory.GetFiles(Log(""), $"{version:D20}.*"))
        {
            File.SetLastWriteTimeUtc(file, _clock.Now.UtcDateTime);
        }
    }

    private string Log(string name) => Path.Combine(_table.Folder, "_delta_log", name);
}
