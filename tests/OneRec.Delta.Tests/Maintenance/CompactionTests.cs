using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Small files of a partition become one, and no row changes.</summary>
public sealed class CompactionTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly DeltaTable _table;

    public CompactionTests() => _table = DeltaTable.At(_scratch["t"]);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Rows_stay_and_keep_their_order()
    {
        for (int i = 0; i < 12; i++)
        {
            _table.Append((i, "a"), (100 + i, null), (200 + i, i == 3 ? "b" : "a"));
        }

        List<string> rows = Rows.Of(_table.LatestSnapshot()!);
        CompactionResult done = _table.Compact(new CompactionOptions(), "note");
        Assert.Equal(new CompactionResult(12, 24, 2), done);
        Snapshot after = _table.LatestSnapshot()!;
        Assert.Equal(3, after.Files.Count);
        Assert.Equal(rows.Sorted(), Rows.Of(after).Sorted());
        Assert.Equal(rows.Where(r => r.EndsWith("null", StringComparison.Ordinal)), Rows.Of(after).Where(r => r.EndsWith("null", StringComparison.Ordinal)));
        Assert.Equal(rows, Rows.Of(_table.SnapshotAt(11)));
        HistoryEntry commit = _table.History().First();
        Assert.Equal(("OPTIMIZE", "note", false), (commit.Operation, commit.UserMetadata, commit.ChangesData));
        Assert.Equal(new CompactionResult(12, 0, 0), _table.Compact(new CompactionOptions()));
        Assert.Equal(rows.Distinct().Count(), LogOracle.Rows(_table.Folder, 12).Count);
    }

    [Fact]
    public void Large_files_are_left_alone_and_groups_end_at_their_size()
    {
        for (int i = 0; i < 9; i++)
        {
            _table.Append((i, "a"));
        }

        long size = _table.LatestSnapshot()!.Files[0].Size;
        Assert.Equal(0, _table.Compact(new CompactionOptions { SmallBytes = size }).Merged);
        Assert.Equal(new CompactionResult(9, 9, 3), _table.Compact(new CompactionOptions { TargetBytes = 3 * size }));
        Assert.Equal(0, _table.Compact(new CompactionOptions { LeastFiles = 4 }).Merged);
    }

    [Fact]
    public void Append_of_another_writer_meanwhile_is_let_through()
    {
        _table.Append((1, "a"));
        _table.Append((2, "a"));
        Snapshot read = _table.LatestSnapshot()!;
        Transaction compaction = Rewrite(read);
        _table.Append((3, "a"));
        Assert.Equal(new CommitResult.Committed(3), compaction.Commit("OPTIMIZE", onConflict: OnConflict.RearrangeAfter));
        Assert.Equal(["1", "2", "3"], Rows.Of(_table.LatestSnapshot()!, ["id"]).Sorted());
        Assert.Equal(2, _table.LatestSnapshot()!.Files.Count);
    }

    [Fact]
    public void Writer_that_removed_a_file_meanwhile_wins()
    {
        _table.Append((1, "a"));
        _table.Append((2, "a"));
        Snapshot read = _table.LatestSnapshot()!;
        Transaction compaction = Rewrite(read);
        Transaction overwrite = _table.Begin(read);
        overwrite.Remove(read.Files[0]);
        overwrite.Commit("DELETE");
        Assert.Equal(new CommitResult.Conflict(2), compaction.Commit("OPTIMIZE", onConflict: OnConflict.RearrangeAfter));
        Assert.Equal(["2"], Rows.Of(_table.LatestSnapshot()!, ["id"]));
    }

    [Fact]
    public void Change_of_rows_meanwhile_conflicts_with_a_compaction_as_with_any_other_commit()
    {
        _table.Append((1, "a"));
        _table.Append((2, "a"));
        Snapshot read = _table.LatestSnapshot()!;
        Transaction replace = _table.Begin(read);
        replace.Remove(read.Files);
        Assert.Equal(2, _table.Compact(new CompactionOptions()).Merged);
        Assert.Equal(new CommitResult.Conflict(2), replace.Commit("DELETE"));
        Assert.Throws<ArgumentException>(() => _table.Begin(read).Commit("OPTIMIZE", onConflict: OnConflict.RearrangeAfter));
    }

    [Fact]
    public void Table_that_forbids_removals_can_be_compacted()
    {
        TableShape shape = Tables.Ids with { Configuration = new Dictionary<string, string> { ["delta.appendOnly"] = "true" } };
        for (int i = 0; i < 3; i++)
        {
            Transaction append = _table.Begin(_table.LatestSnapshot(), shape);
            append.Add(append.Write(Tables.Batch(("id", Tables.Longs(i)))));
            append.Commit("WRITE");
        }

        Assert.Equal(3, _table.Compact(new CompactionOptions()).Merged);
        Assert.Equal(3, Rows.Of(_table.LatestSnapshot()!).Count);
    }

    [Fact]
    public void No_table_is_nothing_to_do() => Assert.Equal(new CompactionResult(-1, 0, 0), _table.Compact(new CompactionOptions()));

    private Transaction Rewrite(Snapshot read)
    {
        Transaction compaction = _table.BeginRearrangement(read);
        compaction.Add(compaction.Write([.. read.Scan()]));
        compaction.Remove(read.Files);
        return compaction;
    }
}
