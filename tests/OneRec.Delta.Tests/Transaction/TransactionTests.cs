using OneRec.Testing;

namespace OneRec.Delta.Tests;

public sealed class TransactionTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly DeltaTable _table;

    public TransactionTests() => _table = DeltaTable.At(_scratch["t"]);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Append_then_overwrite_of_one_partition_leaves_the_others()
    {
        Assert.Null(_table.LatestSnapshot());
        Assert.Equal(new CommitResult.Committed(0), _table.Append((1, "a"), (2, "b"), (3, "a"), (4, null)));
        Snapshot read = _table.LatestSnapshot()!;
        Assert.Equal(3, read.Files.Count);
        Transaction change = _table.Begin(read);
        change.Remove(read.FilesWhere(("part", "a")));
        change.Add(change.Write(Tables.Batch(("id", Tables.Longs(9)), ("part", Tables.Texts("a")))));
        Assert.Equal(new CommitResult.Committed(1), change.Commit("WRITE", new Dictionary<string, string> { ["mode"] = "Overwrite" }, "note"));
        Assert.Equal(["2 | \"b\"", "4 | null", "9 | \"a\""], Rows.Of(_table.LatestSnapshot()!).Sorted());
        Assert.Equal(4, Rows.Of(_table.SnapshotAt(0)).Count);
        HistoryEntry newest = _table.History().First();
        Assert.Equal((1, "WRITE", "note", true), (newest.Version, newest.Operation, newest.UserMetadata, newest.ChangesData));
        Assert.Equal("Overwrite", newest.OperationParameters["mode"]);
    }

    [Fact]
    public void Second_of_two_from_one_snapshot_is_a_conflict_and_changes_nothing()
    {
        _table.Append((1, "a"));
        Snapshot read = _table.LatestSnapshot()!;
        Transaction one = _table.Begin(read);
        Transaction two = _table.Begin(read);
        one.Add(one.Write(Tables.Batch(("id", Tables.Longs(2)), ("part", Tables.Texts("a")))));
        two.Add(two.Write(Tables.Batch(("id", Tables.Longs(3)), ("part", Tables.Texts("a")))));
        Assert.Equal(new CommitResult.Committed(1), one.Commit("WRITE"));
        Assert.Equal(new CommitResult.Conflict(1), two.Commit("WRITE"));
        Assert.Equal(["1", "2"], Rows.Of(_table.LatestSnapshot()!, ["id"]).Sorted());
        Assert.DoesNotContain(Directory.GetFiles(_scratch["t/_delta_log"]), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }
}
