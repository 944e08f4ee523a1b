using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Broken logs are table errors (exit 4) that name version, file and line.</summary>
public sealed class BrokenLogTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly HandLog _log;

    public BrokenLogTests()
    {
        _log = new HandLog(_scratch["t"]);
        _log.Create(HandLog.Add("a.parquet"));
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("""{"add":{"path":"b.parquet","partitionValues":{"p":"a"},"si""")]
    [InlineData("""{"add":{"path":"b.parquet","partitionValues":{},"size":1,"modificationTime":1}}""")]
    [InlineData("""{"add":{"path":null,"partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}""")]
    [InlineData("""{"add":{"path":"b.parquet","partitionValues":{},"size":1.5,"modificationTime":1,"dataChange":true}}""")]
    [InlineData("""{"remove":{"path":null}}""")]
    [InlineData("""{"remove":[]}""")]
    [InlineData("""{"txn":{"appId":null,"version":1}}""")]
    [InlineData("""{"protocol":{"minReaderVersion":"1","minWriterVersion":2}}""")]
    [InlineData("""{"protocol":{"minReaderVersion":99999999999,"minWriterVersion":2}}""")]
    [InlineData("""{"metaData":{"id":"x","schemaString":null}}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("}")]
    public void Line_that_is_no_whole_action_is_named(string line)
    {
        _log.Commit(1, HandLog.Add("c.parquet"), line);
        AssertBroken(
            "delta.log-broken",
            $"{_log.Folder} version 1: _delta_log/00000000000000000001.json line 2 is not a complete action; restore the file");
        Assert.Single(_log.Table.SnapshotAt(0).Files);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public void Empty_commit_is_named(string content)
    {
        _log.Commit(1);
        File.WriteAllText(_log["00000000000000000001.json"], content);
        AssertBroken("delta.log-broken", $"{_log.Folder} version 1: _delta_log/00000000000000000001.json is empty; restore the file");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pipe_in_place_of_a_commit_or_checkpoint_is_named_and_not_waited_for(bool checkpoint)
    {
        Skip.Unless(Desk.OnPath("mkfifo") is not null, "no mkfifo");
        _log.Commit(1);
        string name = checkpoint ? "00000000000000000001.checkpoint.parquet" : "00000000000000000001.json";
        File.Delete(_log[name]);
        Assert.Equal(0, Desk.Capture("mkfifo", [_log[name]], TimeSpan.FromSeconds(10)).Exit);
        OneRecException refused = await Task.Run(
            () => Assert.Throws<OneRecException>(() => _log.Table.LatestSnapshot()), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(ErrorKind.Table, refused.Kind);
        Assert.Contains(name, refused.Message);
    }

    [Fact]
    public void Nesting_that_is_too_deep_is_a_broken_line_and_no_more_in_statistics()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 200_000)) + string.Concat(Enumerable.Repeat("]", 200_000));
        _log.Commit(1, HandLog.Add("b.parquet", stats: $$"""{"numRecords":{{deep}}}"""));
        Assert.Equal(2, _log.Table.LatestSnapshot()!.Files.Count);
        _log.Commit(2, HandLog.Add("c.parquet"), $$"""{"add":{{deep}}}""");
        AssertBroken(
            "delta.log-broken",
            $"{_log.Folder} version 2: _delta_log/00000000000000000002.json line 2 is not a complete action; restore the file");
    }

    [Fact]
    public void Commit_that_is_no_UTF8_is_named()
    {
        _log.Commit(1, HandLog.Add("bX.parquet"));
        byte[] bytes = File.ReadAllBytes(_log["00000000000000000001.json"]);
        bytes[Array.IndexOf(bytes, (byte)'X')] = 0xff;
        File.WriteAllBytes(_log["00000000000000000001.json"], bytes);
        AssertBroken("delta.log-broken", $"{_log.Folder} version 1: cannot read _delta_log/00000000000000000001.json; restore the file");
    }

    [Fact]
    public void Gap_in_the_versions_names_the_missing_commit()
    {
        _log.Commit(1, HandLog.Add("b.parquet")).Commit(3, HandLog.Add("c.parquet"));
        AssertBroken(
            "delta.log-gap",
            $"{_log.Folder} version 3 cannot be read: _delta_log/00000000000000000002.json is missing (the log has 0 to 3); restore the file");
        Assert.Equal(2, _log.Table.SnapshotAt(1).Files.Count);

        // History goes back as far as the log is whole.
        Assert.Equal([3], _log.Table.History().Select(h => h.Version));
    }

    [Fact]
    public void Log_that_lost_its_beginning_without_a_checkpoint_is_a_gap()
    {
        _log.Commit(1, HandLog.Add("b.parquet"));
        File.Delete(_log["00000000000000000000.json"]);
        AssertBroken(
            "delta.log-gap",
            $"{_log.Folder} version 1 cannot be read: _delta_log/00000000000000000000.json is missing (the log has 1 to 1); restore the file");
    }

    [Fact]
    public void Commit_missing_after_a_checkpoint_is_a_gap()
    {
        _log.Commit(1, HandLog.Add("b.parquet")).Commit(3, HandLog.Add("d.parquet"));
        HandCheckpoint.Write(_log, 1, null, [HandLog.Protocol(), HandLog.MetaData(), HandLog.Add("a.parquet"), HandLog.Add("b.parquet")]);
        AssertBroken(
            "delta.log-gap",
            $"{_log.Folder} version 3 cannot be read: _delta_log/00000000000000000002.json is missing (the log has 0 to 3); restore the file");
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(-1, 0)]
    [InlineData(2, 1)]
    public void Version_that_never_was_is_told_with_the_newest(long version, int commits)
    {
        for (int i = 1; i <= commits; i++)
        {
            _log.Commit(i, HandLog.Add($"{i}.parquet"));
        }

        var e = Assert.Throws<OneRecException>(() => _log.Table.SnapshotAt(version));
        Assert.Equal(
            ($"{_log.Folder} has no version {version}; its newest is {commits}", "delta.version-missing", ErrorKind.Table),
            (e.Message, e.Code, e.Kind));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Folder_without_a_table_has_no_version(bool emptyLog)
    {
        string folder = _scratch["none"];
        Directory.CreateDirectory(Path.Combine(folder, emptyLog ? "_delta_log" : ""));
        Assert.Null(DeltaTable.At(folder).LatestSnapshot());
        Assert.Null(DeltaTable.At(folder).LatestVersion());
        Assert.Empty(DeltaTable.At(folder).History());
        var e = Assert.Throws<OneRecException>(() => DeltaTable.At(folder).SnapshotAt(0));
        Assert.Equal(($"{folder} has no version 0; there is no table", "delta.version-missing"), (e.Message, e.Code));
    }

    [Theory]
    [InlineData(true, "protocol")]
    [InlineData(false, "metaData")]
    public void Log_without_protocol_or_metadata_is_told(bool metadata, string missing)
    {
        _log.Commit(0, metadata ? HandLog.MetaData() : HandLog.Protocol());
        AssertBroken("delta.log-broken", $"{_log.Folder} version 0 has no {missing} in its log; restore the log");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-100)]
    public void Truncated_checkpoint_is_named(int length)
    {
        _log.Commit(1, HandLog.Add("b.parquet"));
        HandCheckpoint.Write(_log, 1, null, [HandLog.Protocol(), HandLog.MetaData(), HandLog.Add("a.parquet"), HandLog.Add("b.parquet")]);
        using (FileStream file = File.OpenWrite(_log["00000000000000000001.checkpoint.parquet"]))
        {
            file.SetLength(length < 0 ? file.Length + length : length);
        }

        AssertBroken(
            "delta.checkpoint-broken",
            $"{_log.Folder} version 1: cannot read _delta_log/00000000000000000001.checkpoint.parquet as a checkpoint; "
            + "remove the file: the commits before it are all there");
    }

    [Fact]
    public void Checkpoint_with_damaged_pages_is_named()
    {
        HandCheckpoint.Write(_log, 0, null, [HandLog.Protocol(), HandLog.MetaData(), HandLog.Add("a.parquet")]);
        string path = _log["00000000000000000000.checkpoint.parquet"];
        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan(4, 400).Fill(0xff);
        File.WriteAllBytes(path, bytes);
        AssertBroken(
            "delta.checkpoint-broken",
            $"{_log.Folder} version 0: cannot read _delta_log/00000000000000000000.checkpoint.parquet as a checkpoint; "
            + "remove the file: the commits before it are all there");
    }

    [Fact]
    public void Table_that_begins_with_a_checkpoint_of_the_second_kind_is_refused_by_name()
    {
        string name = "00000000000000000001.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json";
        _log.Commit(2, HandLog.Add("c.parquet"));
        File.Delete(_log["00000000000000000000.json"]);
        File.WriteAllText(_log[name], "{}");
        AssertBroken(
            "delta.reader-feature",
            $"{_log.Folder} version 2 needs 'v2Checkpoint' (_delta_log/{name}), which is not supported; rewrite the table without it");
    }

    private void AssertBroken(string code, string message)
    {
        var e = Assert.Throws<OneRecException>(() => _log.Table.LatestSnapshot());
        Assert.Equal((message, code, ErrorKind.Table), (e.Message, e.Code, e.Kind));
    }
}
