using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Apache.Arrow.Types;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>When a commit lands, when it is a conflict, and what its JSON says.</summary>
public sealed partial class CommitRulesTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly DeltaTable _table;

    public CommitRulesTests() => _table = DeltaTable.At(_scratch["t"]);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Commit_is_spelled_as_the_protocol_says()
    {
        DeltaTable table = DeltaTable.At(_scratch["t"], new FixedClock());
        Transaction create = table.Begin(null, Tables.IdsByPart with
        {
            Configuration = new Dictionary<string, string> { ["onerec.schema"] = "1" },
        });
        create.SetTransaction("app", 3);
        create.Commit("CREATE TABLE", new Dictionary<string, string> { ["partitionBy"] = "[\"part\"]" }, "é\"\\\n\u0001 {\"a\":1}");
        string[] lines = Lines(0);
        Assert.Equal(4, lines.Length);
        Assert.Equal(
            $$$$"""{"commitInfo":{"onerecSeal":"{{{{Seal(0)}}}}","timestamp":1700000000123,"operation":"CREATE TABLE","operationParameters":{"partitionBy":"[\"part\"]"},"isolationLevel":"Serializable","isBlindAppend":false,"operationMetrics":{"numFiles":"0","numOutputRows":"0","numOutputBytes":"0","numRemovedFiles":"0"},"userMetadata":"é\"\\\n\u0001 {\"a\":1}","engineInfo":"OneRec.Spark/0.1.0"}}""",
            lines[0]);
        Assert.Equal("""{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""", lines[1]);
        using JsonDocument metadata = JsonDocument.Parse(lines[2]);
        string id = metadata.RootElement.GetProperty("metaData").GetProperty("id").GetString()!;
        Assert.Equal(
            $$$"""{"metaData":{"id":"{{{Guid.Parse(id)}}}","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":false,\"metadata\":{}},{\"name\":\"part\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]}","partitionColumns":["part"],"configuration":{"onerec.schema":"1"},"createdTime":1700000000123}}""",
            lines[2]);
        Assert.Equal("""{"txn":{"appId":"app","version":3,"lastUpdated":1700000000123}}""", lines[3]);

        Transaction change = table.Begin(table.LatestSnapshot()!);
        DataFile file = Assert.Single(change.Write(Tables.Batch(("id", Tables.Longs(7)), ("part", Tables.Texts("a b")))));
        change.Add(file);
        change.Commit("WRITE", onConflict: OnConflict.AppendAfter);
        lines = Lines(1);
        Assert.Contains("\"readVersion\":0,\"isolationLevel\":\"Serializable\",\"isBlindAppend\":true", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            $$$$"""{"add":{"path":"{{{{file.Path}}}}","partitionValues":{"part":"a b"},"size":{{{{file.Size}}}},"modificationTime":1700000000123,"dataChange":true,"stats":"{\"numRecords\":1,\"minValues\":{\"id\":7},\"maxValues\":{\"id\":7},\"nullCount\":{\"id\":0}}","tags":{"onerec.sha256":"{{{{Sha256(file)}}}}"}}}""",
            lines[1]);

        Transaction gone = table.Begin(table.LatestSnapshot()!);
        gone.Remove(table.LatestSnapshot()!.Files);
        gone.Commit("DELETE");
        Assert.Equal(
            $$$"""{"remove":{"path":"{{{file.Path}}}","deletionTimestamp":1700000000123,"dataChange":true,"extendedFileMetadata":true,"partitionValues":{"part":"a b"},"size":{{{file.Size}}}}}""",
            Lines(2)[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"step\":\"assign\",\"run\":\"1\"}")]
    [InlineData("日本 \U0001F600 \" \\ \t \u2028 </script>")]
    public void User_metadata_comes_back_and_stays_on_one_line(string text)
    {
        _table.Begin(null, Tables.Ids).Commit("WRITE", userMetadata: text);
        Assert.Equal(text, _table.History().Single().UserMetadata);
        using JsonDocument line = JsonDocument.Parse(Lines(0)[0]);
        Assert.Equal(text, line.RootElement.GetProperty("commitInfo").GetProperty("userMetadata").GetString());
    }

    [Fact]
    public void Version_that_exists_is_never_written_over()
    {
        _table.Append((1, "a"));
        Snapshot read = _table.LatestSnapshot()!;
        string theirs = _scratch["t/_delta_log/00000000000000000001.json"];
        File.WriteAllText(theirs, "{\"commitInfo\":{}}\n");
        Assert.Equal(new CommitResult.Conflict(1), _table.Begin(read).Commit("WRITE"));
        Assert.Equal("{\"commitInfo\":{}}\n", File.ReadAllText(theirs));
        Assert.Equal(new CommitResult.Conflict(0), _table.Begin(null, Tables.Ids).Commit("CREATE TABLE"));
        Assert.Equal(2, Directory.GetFiles(_scratch["t/_delta_log"]).Length);
    }

    [Fact]
    public void Name_that_cleaning_up_freed_is_not_taken_by_an_old_snapshot()
    {
        var log = new HandLog(_scratch["t"]);
        log.Create();
        Snapshot read = _table.LatestSnapshot()!;
        log.Commit(1, HandLog.Txn("a", 1)).Commit(2, HandLog.Txn("a", 2));
        HandCheckpoint.Write(log, 2, null, [HandLog.Protocol(), HandLog.MetaData()]);
        File.Delete(log["00000000000000000000.json"]);
        File.Delete(log["00000000000000000001.json"]);
        Assert.Equal(new CommitResult.Conflict(1), _table.Begin(read).Commit("WRITE"));
        Assert.Equal(new CommitResult.Conflict(1), _table.Begin(read).Commit("WRITE", onConflict: OnConflict.AppendAfter));
        Assert.False(File.Exists(log["00000000000000000001.json"]));
    }

    [Fact]
    public void Append_goes_on_after_others_appends_and_removals()
    {
        _table.Append((1, "a"));
        Snapshot read = _table.LatestSnapshot()!;
        _table.Append((2, "b"));
        Transaction remove = _table.Begin(_table.LatestSnapshot()!);
        remove.Remove(read.Files);
        remove.SetTransaction("theirs", 1);
        remove.Commit("DELETE");
        Transaction append = _table.Begin(read);
        append.SetTransaction("ours", 1);
        append.Add(append.Write(Tables.Batch(("id", Tables.Longs(3)), ("part", Tables.Texts("c")))));
        Assert.Equal(new CommitResult.Committed(3), append.Commit("WRITE", onConflict: OnConflict.AppendAfter));
        Assert.Equal([(2, "b"), (3, "c")], LogOracle.Rows(_table.Folder, 3));
    }

    [Theory]
    [InlineData("metaData")]
    [InlineData("protocol")]
    [InlineData("txn")]
    public void Append_does_not_go_on_after_a_change_that_concerns_it(string what)
    {
        var log = new HandLog(_scratch["t"]);
        log.Create();
        Snapshot read = _table.LatestSnapshot()!;
        log.Commit(1, HandLog.Add("a.parquet"));
        log.Commit(2, what switch
        {
            "metaData" => HandLog.MetaData(description: "new"),
            "protocol" => HandLog.Protocol(),
            _ => HandLog.Txn("ours", 9),
        });
        Transaction append = _table.Begin(read);
        append.SetTransaction("ours", 1);
        Assert.Equal(new CommitResult.Conflict(2), append.Commit("WRITE", onConflict: OnConflict.AppendAfter));
        Assert.Equal(2, _table.LatestVersion());
    }

    [Fact]
    public void Misuse_is_an_argument_error()
    {
        _table.Append((1, "a"));
        Snapshot read = _table.LatestSnapshot()!;
        Transaction change = _table.Begin(read);
        change.Remove(read.Files);
        string twice = Assert.Throws<ArgumentException>(() => change.Remove(read.Files[0])).Message;
        Assert.Equal($"{read.Files[0].Path} is not a file of the snapshot read, or was already removed (Parameter 'file')", twice);
        Assert.Throws<ArgumentException>(() => change.Commit("WRITE", onConflict: OnConflict.AppendAfter));
        Assert.Equal(new CommitResult.Committed(1), change.Commit("DELETE"));
        Assert.Throws<ObjectDisposedException>(() => change.Commit("DELETE"));

        Transaction later = _table.Begin(_table.LatestSnapshot()!);
        Assert.Throws<ArgumentException>(() => later.Remove(read.Files[0]));
        Transaction create = DeltaTable.At(_scratch["new"]).Begin(null, Tables.Ids);
        Assert.Throws<ArgumentException>(() => create.Remove(read.Files[0]));
        Assert.Throws<ArgumentException>(() => create.Commit("WRITE", onConflict: OnConflict.AppendAfter));
    }

    [Fact]
    public void Removing_all_of_very_many_files_takes_no_quadratic_time()
    {
        // 32 times the files take 32 times the work where it is linear, 1,024 times where it is quadratic. On a busy machine,
        // caches and the collector made that 35 to 100, in one of twenty up to 270: hence the median. CPU time of this thread,
        // as other programs take the clock's time.
        Func<double> some = Removal("some", 1_000), many = Removal("many", 32_000);
        some();
        double[] growth = [.. Enumerable.Range(0, 5).Select(_ => many() / some()).Order()];
        Assert.True(growth[2] < 250, $"32 times the files take {string.Join(", ", growth.Select(g => $"{g:F0}"))} times the CPU time");
    }

    [Fact]
    public void Removing_all_of_very_many_files_leaves_none()
    {
        const int Files = 60_000;
        new HandLog(_scratch["t"]).Create([.. Enumerable.Range(0, Files).Select(i => HandLog.Add($"part-{i}.parquet"))]);
        Transaction change = _table.Begin(_table.LatestSnapshot()!);
        change.Remove(_table.LatestSnapshot()!.Files);
        Assert.Equal(new CommitResult.Committed(1), change.Commit("DELETE"));
        Assert.Empty(_table.LatestSnapshot()!.Files);
    }

    /// <summary>A new table's removal of all its files, not committed: microseconds of this thread's CPU time at each call.</summary>
    private Func<double> Removal(string name, int files)
    {
        DeltaTable table = DeltaTable.At(_scratch[name]);
        new HandLog(table.Folder).Create([.. Enumerable.Range(0, files).Select(i => HandLog.Add($"part-{i}.parquet"))]);
        Snapshot read = table.LatestSnapshot()!;
        Assert.Equal(files, read.Files.Count);
        return () =>
        {
            Transaction change = table.Begin(read);
            double start = CpuTime();
            change.Remove(read.Files);
            return CpuTime() - start;
        };
    }

    private static double CpuTime()
    {
        Assert.Equal(0, ClockGetTime(ThreadCpuTime, out Timespec time));
        return (time.Seconds * 1e6) + (time.Nanoseconds * 1e-3);
    }

    [Fact]
    public void Table_without_rows_is_a_table()
    {
        Assert.Equal(new CommitResult.Committed(0), _table.Begin(null, Tables.Shape([], ("v", Tables.ListOf(FloatType.Default), true))).Commit("CREATE TABLE"));
        Snapshot snapshot = _table.LatestSnapshot()!;
        Assert.Equal((0, 0L), (Rows.Of(snapshot).Count, snapshot.Rows));
    }

    // The SHA-256 of the commit with zeros in place of the seal.
    private string Seal(long version)
    {
        string commit = File.ReadAllText(_scratch[$"t/_delta_log/{version:D20}.json"]);
        string seal = JsonDocument.Parse(commit.Split('\n')[0]).RootElement.GetProperty("commitInfo").GetProperty("onerecSeal").GetString()!;
        string open = commit.Replace(seal, new string('0', 64), StringComparison.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(open)));
    }

    private string Sha256(DataFile file) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_scratch["t"], Uri.UnescapeDataString(file.Path)))));

    private string[] Lines(long version) => File.ReadAllLines(Path.Combine(_table.Folder, "_delta_log", $"{version:D20}.json"));

    // CLOCK_THREAD_CPUTIME_ID of Linux.
    private const int ThreadCpuTime = 3;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Timespec time);

    private readonly record struct Timespec(long Seconds, long Nanoseconds);

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
    }
}
