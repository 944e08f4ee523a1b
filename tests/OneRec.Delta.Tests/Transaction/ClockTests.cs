using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>A clock that was set back: versions are counted, not timed.</summary>
public sealed class ClockTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly SetClock _clock = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly DeltaTable _table;

    public ClockTests() => _table = DeltaTable.At(_scratch["t"], _clock);

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("2016-02-29")]
    [InlineData("1970-01-01")]
    public void Commits_checkpoints_and_removed_files_stay_in_order(string then)
    {
        for (int i = 0; i < 5; i++)
        {
            _table.Append((i, "a"));
        }

        _table.Overwrite(5);
        _clock.Now = new DateTimeOffset(DateTime.Parse(then), TimeSpan.Zero);
        for (int i = 6; i < 12; i++)
        {
            Assert.Equal(new CommitResult.Committed(i), _table.Append((i, "a")));
        }

        Assert.Equal(10, _table.LatestCheckpoint());
        Array.ForEach(Directory.GetFiles(_scratch["t/_delta_log"], "0000000000000000000?.json"), File.Delete);
        Assert.Equal(["10", "11", "5", "6", "7", "8", "9"], Rows.Of(_table.LatestSnapshot()!, ["id"]).Sorted());
        Assert.Equal([11, 10], _table.History().Select(h => h.Version));
        Assert.All(_table.History(), h => Assert.Equal(_clock.Now, h.Timestamp));

        // Files that went in what is now the future are kept for readers of older versions.
        Assert.Equal(5, _table.LatestSnapshot()!.Tombstones.Count);
        Assert.Empty(_table.Vacuum(TimeSpan.FromDays(7)));
        Assert.Empty(_table.Verify(new Dictionary<string, string>()).Findings);
    }
}
