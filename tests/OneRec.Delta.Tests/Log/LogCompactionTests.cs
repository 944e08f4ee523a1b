using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>
/// Log compaction files (<c>X.Y.compacted.json</c>) and checkpoints of the second kind beside a whole log: a reader may leave
/// them out, and ours does.
/// </summary>
public sealed class LogCompactionTests : IDisposable
{
    private const string Compacted = "00000000000000000001.00000000000000000003.compacted.json";
    private readonly ScratchFolder _scratch = new();
    private readonly HandLog _log;

    public LogCompactionTests()
    {
        _log = new HandLog(_scratch["t"]).Create(HandLog.Add("a.parquet"))
            .Commit(1, HandLog.Add("b.parquet"))
            .Commit(2, HandLog.Remove("b.parquet"), HandLog.Txn("app", 2))
            .Commit(3, HandLog.Add("c.parquet"));
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Compacted_commits_change_nothing_right_or_wrong(bool right)
    {
        File.WriteAllText(
            _log[Compacted],
            right ? string.Join('\n', HandLog.Remove("b.parquet"), HandLog.Txn("app", 2), HandLog.Add("c.parquet")) : HandLog.Remove("a.parquet"));
        Assert.Equal(["a.parquet", "c.parquet"], _log.Table.LatestSnapshot()!.Files.Select(f => f.Path));
        Assert.Equal(["a.parquet", "b.parquet"], _log.Table.SnapshotAt(1).Files.Select(f => f.Path));
        Assert.Equal([3, 2, 1, 0], _log.Table.History().Select(h => h.Version));
        Assert.Equal(new CommitResult.Committed(4), _log.Table.Begin(_log.Table.LatestSnapshot()!).Commit("WRITE"));
        Assert.Equal(2, _log.Table.LatestSnapshot()!.Files.Count);
        _log.Table.CleanUpLog(TimeSpan.Zero);
        Assert.True(File.Exists(_log[Compacted]));
    }

    [Fact]
    public void Commit_that_is_missing_is_told_though_a_compacted_file_covers_it()
    {
        File.WriteAllText(_log[Compacted], HandLog.Add("c.parquet"));
        File.Delete(_log["00000000000000000002.json"]);
        var e = Assert.Throws<OneRecException>(() => _log.Table.LatestSnapshot());
        Assert.Equal(
            $"{_log.Folder} version 3 cannot be read: _delta_log/00000000000000000002.json is missing (the log has 0 to 3); restore the file",
            e.Message);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("parquet")]
    public void Checkpoint_of_the_second_kind_is_not_needed_while_the_commits_are_there(string extension)
    {
        File.WriteAllText(_log[$"00000000000000000002.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.{extension}"], "x");
        Assert.Equal(2, _log.Table.LatestSnapshot()!.Files.Count);
    }
}
