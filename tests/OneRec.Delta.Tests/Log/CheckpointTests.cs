using System.Text.Json;
using OneRec.Core;
using OneRec.Testing;
using ParquetSharp;

namespace OneRec.Delta.Tests;

/// <summary>Checkpoints that commits write by themselves.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly SetClock _clock = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly DeltaTable _table;

    public CheckpointTests() => _table = DeltaTable.At(_scratch["t"], _clock);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Every_tenth_commit_is_followed_by_one_and_others_are_told_where()
    {
        Commits(25);
        Assert.Equal(["00000000000000000010.checkpoint.parquet", "00000000000000000020.checkpoint.parquet"], CheckpointFiles());
        using JsonDocument hint = JsonDocument.Parse(File.ReadAllText(Log("_last_checkpoint")));
        Assert.Equal(20, hint.RootElement.GetProperty("version").GetInt64());
        Assert.Equal(21, hint.RootElement.GetProperty("numOfAddFiles").GetInt32());
        Assert.Equal(new FileInfo(Log("00000000000000000020.checkpoint.parquet")).Length, hint.RootElement.GetProperty("sizeInBytes").GetInt64());
        using var checkpoint = new ParquetFileReader(Log("00000000000000000020.checkpoint.parquet"));
        Assert.Equal(hint.RootElement.GetProperty("size").GetInt64(), checkpoint.FileMetaData.NumRows);
        Assert.DoesNotContain(Directory.GetFiles(Log("")), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void Interval_is_the_table_s()
    {
        TableShape shape = Tables.IdsByPart with { Configuration = new Dictionary<string, string> { ["delta.checkpointInterval"] = "3" } };
        for (int i = 0; i < 8; i++)
        {
            Transaction append = _table.Begin(_table.LatestSnapshot(), shape);
            append.Add(append.Write(Tables.Batch(("id", Tables.Longs(i)), ("part", Tables.Texts("a")))));
            append.Commit("WRITE");
        }

        Assert.Equal(["00000000000000000003.checkpoint.parquet", "00000000000000000006.checkpoint.parquet"], CheckpointFiles());
    }

    [Fact]
    public void Long_log_without_any_gets_one_with_the_next_commit()
    {
        Commits(25);
        Array.ForEach(Directory.GetFiles(Log(""), "*.checkpoint.parquet"), File.Delete);
        _table.Append((99, "z"));
        Assert.Equal(["00000000000000000025.checkpoint.parquet"], CheckpointFiles());
    }

    [Fact]
    public void State_from_the_checkpoint_is_that_of_the_commits()
    {
        _table.Append((1, "a b"), (2, null), (3, "x=y/%"));
        Snapshot read = _table.LatestSnapshot()!;
        Transaction change = _table.Begin(read);
        change.Remove(read.FilesWhere(("part", "a b")));
        change.Add(change.Write(Tables.Batch(("id", Tables.Longs(9)), ("part", Tables.Texts("a b")))));
        change.SetTransaction("app", 7);
        change.Commit("WRITE");
        Snapshot before = _table.LatestSnapshot()!;
        Assert.Equal(1, _table.WriteCheckpoint());
        File.Delete(Log("00000000000000000000.json"));
        File.Delete(Log("00000000000000000001.json"));

        Snapshot after = _table.LatestSnapshot()!;

        Assert.Equal(Rows.Of(before).Sorted(), Rows.Of(after).Sorted());
        Assert.Equal(before.Files.Select(Text).Order(), after.Files.Select(f => Text(f with { DataChange = true })).Order());
        Assert.All(after.Files, f => Assert.Equal(StableHash.Sha256OfFile(after.FullPath(f)), f.Sha256));
        Assert.Equal(Text(before.Metadata), Text(after.Metadata));
        Assert.Equal((before.Protocol.MinReaderVersion, before.Protocol.MinWriterVersion), (after.Protocol.MinReaderVersion, after.Protocol.MinWriterVersion));
        Assert.Equal(7, after.Transactions["app"]);
        Assert.Equal(before.Tombstones.Select(t => (t.Path, t.DeletionTimestamp)), after.Tombstones.Select(t => (t.Path, t.DeletionTimestamp)));
        Assert.Equal(new CommitResult.Committed(2), _table.Append((4, "a b")));
    }

    [Fact]
    public void Files_that_went_longer_ago_than_a_week_are_not_in_it()
    {
        _table.Append((1, "a"));
        _table.Overwrite(2);
        _clock.Now += TimeSpan.FromDays(6);
        _table.Overwrite(3);
        _clock.Now += TimeSpan.FromDays(2);
        _table.WriteCheckpoint();
        Array.ForEach(Directory.GetFiles(Log(""), "*.json"), File.Delete);
        Assert.Equal(_clock.Now.AddDays(-2).ToUnixTimeMilliseconds(), Assert.Single(_table.LatestSnapshot()!.Tombstones).DeletionTimestamp);
    }

    [Theory]
    [InlineData("interval 2 days", 0)]
    [InlineData("interval 72 hours", 1)]
    [InlineData("interval 999999999 weeks", 1)]
    [InlineData("interval 1 month", 1)]
    [InlineData("P7D", 1)]
    public void Property_says_how_long_and_one_that_is_not_understood_keeps_all(string retention, int kept)
    {
        TableShape shape = Tables.IdsByPart with { Configuration = new Dictionary<string, string> { ["delta.deletedFileRetentionDuration"] = retention } };
        Transaction create = _table.Begin(null, shape);
        create.Add(create.Write(Tables.Batch(("id", Tables.Longs(1)), ("part", Tables.Texts("a")))));
        create.Commit("WRITE");
        _table.Overwrite(2);
        _clock.Now += TimeSpan.FromHours(60);
        _table.WriteCheckpoint();
        Array.ForEach(Directory.GetFiles(Log(""), "*.json"), File.Delete);
        Assert.Equal(kept, _table.LatestSnapshot()!.Tombstones.Count);
    }

    [Fact]
    public void Every_flipped_bit_is_refused_and_the_cure_that_is_named_works()
    {
        Commits(11);
        string path = Log("00000000000000000010.checkpoint.parquet");
        byte[] checkpoint = File.ReadAllBytes(path);
        List<string> rows = Rows.Of(_table.LatestSnapshot()!).Sorted();
        for (int at = 0; at < checkpoint.Length; at += 7)
        {
            byte[] flipped = [.. checkpoint];
            flipped[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(path, flipped);
            var e = Assert.Throws<OneRecException>(() => _table.LatestSnapshot());
            Assert.Equal("delta.checkpoint-broken", e.Code);
            Assert.EndsWith("as a checkpoint; remove the file: the commits before it are all there", e.Message, StringComparison.Ordinal);
        }

        File.Delete(path);
        Assert.Equal(rows, Rows.Of(_table.LatestSnapshot()!).Sorted());
    }

    [Fact]
    public void What_killed_commits_left_goes_after_a_day()
    {
        _table.Append((0, "a"));
        string old = Log("_commit_0b6b5a35-95b6-4b7a-9d7c-3f35d1e1a000.json.tmp");
        string young = Log("_commit_1b6b5a35-95b6-4b7a-9d7c-3f35d1e1a000.json.tmp");
        File.WriteAllText(old, "{");
        File.WriteAllText(young, "{");
        File.SetLastWriteTimeUtc(old, _clock.Now.UtcDateTime.AddDays(-2));
        File.SetLastWriteTimeUtc(young, _clock.Now.UtcDateTime.AddMinutes(-2));
        Commits(10, 1);
        Assert.Equal((false, true), (File.Exists(old), File.Exists(young)));
    }

    [Fact]
    public void Disk_that_refuses_a_checkpoint_does_not_fail_the_commit()
    {
        Commits(10);
        DeltaTable refusing = DeltaTable.At(_table.Folder, _clock, new RefusingDisk("rename"));
        Assert.Equal(new CommitResult.Committed(10), refusing.Append((10, "a")));
        Assert.Equal(11, Rows.Of(_table.LatestSnapshot()!).Count);
        var e = Assert.Throws<OneRecException>(() => DeltaTable.At(_scratch["other"], _clock, new RefusingDisk("link")).Append((1, "a")));
        Assert.Equal("delta.write-failed", e.Code);
    }

    private static string Text(AddFile file) => JsonSerializer.Serialize(file);

    private static string Text(Metadata metadata) => string.Join(
        '\n',
        metadata.Id,
        metadata.SchemaString,
        string.Join(',', metadata.PartitionColumns),
        JsonSerializer.Serialize(metadata.Configuration),
        metadata.CreatedTime,
        metadata.Name,
        metadata.Description,
        metadata.Provider,
        JsonSerializer.Serialize(metadata.FormatOptions));

    private void Commits(int count, int from = 0)
    {
        for (int i = from; i < from + count; i++)
        {
            Assert.Equal(new CommitResult.Committed(i), _table.Append((i, "p" + (i % 3))));
        }
    }

    private string Log(string name) => Path.Combine(_table.Folder, "_delta_log", name);

    private string[] CheckpointFiles() => [.. Directory.GetFiles(Log(""), "*.checkpoint.parquet").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
}
