using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>
/// Commits that were cut where a line ends: valid JSON, which only what the writer counted contradicts. Cut anywhere, a commit
/// is either refused or as it was; one of ours is always refused, because it is sealed.
/// </summary>
public sealed class CutCommitTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly DeltaTable _table;

    public CutCommitTests() => _table = DeltaTable.At(_scratch["t"]);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Our_commit_cut_at_any_byte_is_refused()
    {
        _table.Append((1, "a"));
        Transaction overwrite = _table.Begin(_table.LatestSnapshot()!);
        overwrite.Remove(_table.LatestSnapshot()!.Files);
        overwrite.Add(overwrite.Write(Tables.Batch(("id", Tables.Longs(2, 3)), ("part", Tables.Texts("a", "b")))));
        overwrite.Commit("WRITE");
        string path = Path.Combine(_table.Folder, "_delta_log", "00000000000000000001.json");
        byte[] whole = File.ReadAllBytes(path);
        List<string> rows = Rows.Of(_table.LatestSnapshot()!);
        int refused = 0;
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            try
            {
                Assert.Equal(rows, Rows.Of(_table.LatestSnapshot()!));
            }
            catch (OneRecException e)
            {
                Assert.Equal(("delta.log-broken", ErrorKind.Table), (e.Code, e.Kind));
                refused++;
            }
        }

        Assert.Equal(whole.Length, refused);
    }

    [Fact]
    public void What_is_missing_is_told_and_the_version_before_can_be_read()
    {
        _table.Append((1, "a"));
        _table.Append((2, "a"), (3, "b"));
        string path = Path.Combine(_table.Folder, "_delta_log", "00000000000000000001.json");
        string[] lines = File.ReadAllLines(path);
        Assert.Equal(3, lines.Length);
        File.WriteAllText(path, lines[0] + "\n");
        AssertCut("0 of the 2 files added");
        File.WriteAllText(path, lines[0] + "\n" + lines[1] + "\n");
        AssertCut("1 of the 2 files added");
        Assert.Equal(["1"], Rows.Of(_table.SnapshotAt(0), ["id"]));

        // The cure: the file as it was.
        File.WriteAllLines(path, lines);
        Assert.Equal(3, Rows.Of(_table.LatestSnapshot()!).Count);
    }

    [Fact]
    public void Append_after_a_cut_commit_is_refused()
    {
        _table.Append((1, "a"));
        Snapshot read = _table.LatestSnapshot()!;
        _table.Append((2, "a"));
        string path = Path.Combine(_table.Folder, "_delta_log", "00000000000000000001.json");
        File.WriteAllText(path, File.ReadAllLines(path)[0] + "\n");
        Transaction append = _table.Begin(read);
        append.Add(append.Write(Tables.Batch(("id", Tables.Longs(3)), ("part", Tables.Texts("a")))));
        var e = Assert.Throws<OneRecException>(() => append.Commit("WRITE", onConflict: OnConflict.AppendAfter));
        Assert.Equal("delta.log-broken", e.Code);
    }

    // Metrics as Delta Lake and delta-rs write them.
    [Theory]
    [InlineData("WRITE", """{"numFiles":"1","numOutputRows":"5","numOutputBytes":"900"}""", "rows", 5)]
    [InlineData("WRITE", """{"num_added_files":1,"num_removed_files":0,"num_added_rows":5}""", "rows", 5)]
    [InlineData("DELETE", """{"numRemovedFiles":"2","numCopiedRows":"0"}""", "files removed", 2)]
    [InlineData("WRITE", """{"num_added_files":0,"num_removed_files":3,"num_added_rows":0}""", "files removed", 3)]
    public void Commit_of_another_writer_with_only_its_information_is_refused(string operation, string metrics, string what, int counted)
    {
        new HandLog(_table.Folder).Create(HandLog.Add("a.parquet")).Commit(1, Information(operation, metrics));
        AssertCut($"0 of the {counted} {what}");
    }

    [Theory]
    [InlineData("WRITE", """{"numFiles":"1","numOutputRows":"0","numOutputBytes":"400"}""")]
    [InlineData("WRITE", """{"numFiles":"2","numOutputRows":"3","numOutputBytes":"900"}""", """{"numRecords":3}""")]
    [InlineData("WRITE", """{"numFiles":"2","numOutputRows":"9"}""", null)]
    [InlineData("MERGE", """{"numOutputRows":"900","numTargetFilesAdded":"1"}""", """{"numRecords":3}""")]
    [InlineData("OPTIMIZE", """{"numRemovedFiles":"0","numAddedFiles":"0"}""")]
    [InlineData("WRITE", """["numFiles"]""")]
    public void Whole_commit_of_another_writer_is_read(string operation, string metrics, params string?[]? stats)
    {
        string[] adds = [.. (stats ?? [null]).Select((s, i) => HandLog.Add($"b{i}.parquet", stats: s))];
        new HandLog(_table.Folder).Create(HandLog.Add("a.parquet")).Commit(1, [Information(operation, metrics), .. adds]);
        Assert.Equal(1 + adds.Length, _table.LatestSnapshot()!.Files.Count);
    }

    [Fact]
    public void Commit_with_change_data_is_not_held_against_rows_that_include_it()
    {
        new HandLog(_table.Folder).Create(HandLog.Add("a.parquet")).Commit(
            1,
            Information("WRITE", """{"numOutputRows":"8"}"""),
            HandLog.Add("b.parquet", stats: """{"numRecords":4}"""),
            """{"cdc":{"path":"_change_data/c.parquet","partitionValues":{},"size":1,"dataChange":false}}""");
        Assert.Equal(2, _table.LatestSnapshot()!.Files.Count);
    }

    [Fact]
    public void Folder_in_place_of_a_commit_is_told_and_not_taken_for_a_race()
    {
        _table.Append((1, "a"));
        Snapshot read = _table.LatestSnapshot()!;
        string folder = Path.Combine(_table.Folder, "_delta_log", "00000000000000000001.json");
        Directory.CreateDirectory(folder);
        AssertBroken("_delta_log/00000000000000000001.json is a folder, not a commit; restore the file, or move the folder away");
        Transaction append = _table.Begin(read);
        append.Add(append.Write(Tables.Batch(("id", Tables.Longs(3)), ("part", Tables.Texts("a")))));
        var e = Assert.Throws<OneRecException>(() => append.Commit("WRITE"));
        Assert.Contains("is a folder, not a commit", e.Message, StringComparison.Ordinal);

        Directory.Move(folder, _scratch["away"]);
        Assert.IsType<CommitResult.Committed>(_table.Append((2, "a")));
    }

    [Fact]
    public void Log_that_is_a_file_is_told()
    {
        Directory.CreateDirectory(_table.Folder);
        File.WriteAllText(Path.Combine(_table.Folder, "_delta_log"), "");
        var e = Assert.Throws<OneRecException>(() => _table.LatestSnapshot());
        Assert.Equal(
            ($"{_table.Folder}: cannot read _delta_log: it is a file, not a folder; restore the log", "delta.log-broken", ErrorKind.Table),
            (e.Message, e.Code, e.Kind));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"version":99,"size":1}""")]
    [InlineData("""{"ver""")]
    public void Last_checkpoint_file_decides_nothing(string content)
    {
        _table.Append((1, "a"));
        File.WriteAllText(Path.Combine(_table.Folder, "_delta_log", "_last_checkpoint"), content);
        Assert.Equal(["1"], Rows.Of(_table.LatestSnapshot()!, ["id"]));
    }

    [Fact]
    public void Deletion_vector_that_the_protocol_does_not_name_is_refused()
    {
        string add = HandLog.Add("a.parquet").Replace(
            "\"dataChange\":true",
            "\"dataChange\":true,"
                + """ "deletionVector":{"storageType":"p","pathOrInlineDv":"/elsewhere/x.bin","offset":1,"sizeInBytes":4,"cardinality":1} """,
            StringComparison.Ordinal);
        HandLog log = new HandLog(_table.Folder).Create(add);
        var e = Assert.Throws<OneRecException>(() => _table.LatestSnapshot());
        Assert.Equal(
            ($"{_table.Folder} version 0 needs 'deletionVectors', which is not supported; rewrite the table without it", "delta.reader-feature"),
            (e.Message, e.Code));
        HandCheckpoint.Write(log, 0, null, [HandLog.Protocol(), HandLog.MetaData(), add]);
        Assert.Equal("delta.reader-feature", Assert.Throws<OneRecException>(() => _table.LatestSnapshot()).Code);
    }

    [Theory]
    [InlineData("a.parquet")]
    [InlineData("/elsewhere/a.parquet")]
    public void Checkpoint_with_a_sidecar_is_refused_and_the_sidecar_not_opened(string path)
    {
        HandLog log = new HandLog(_table.Folder).Create(HandLog.Add("a.parquet"));
        HandCheckpoint.Write(
            log, 0, null, [HandLog.Protocol(), HandLog.MetaData(), $$$"""{"sidecar":{"path":"{{{path}}}","sizeInBytes":1}}"""]);
        var e = Assert.Throws<OneRecException>(() => _table.LatestSnapshot());
        Assert.Equal(
            ($"{_table.Folder} version 0 needs 'v2Checkpoint', which is not supported; rewrite the table without it", "delta.reader-feature"),
            (e.Message, e.Code));
    }

    private static string Information(string operation, string metrics) =>
        $$$"""{"commitInfo":{"timestamp":1700000000000,"operation":"{{{operation}}}","operationMetrics":{{{metrics}}},"engineInfo":"Apache-Spark/3.5.3 Delta-Lake/3.3.3"}}""";

    private void AssertCut(string what) => AssertBroken(
        $"_delta_log/00000000000000000001.json is cut off: it has {what} that its writer counted; restore the file");

    private void AssertBroken(string what)
    {
        var e = Assert.Throws<OneRecException>(() => _table.LatestSnapshot());
        Assert.Equal(($"{_table.Folder} version 1: {what}", "delta.log-broken", ErrorKind.Table), (e.Message, e.Code, e.Kind));
    }
}
