using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>What we cannot read or write whole is refused by name, at exit 4.</summary>
public sealed class TableFeaturesTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly HandLog _log;

    public TableFeaturesTests() => _log = new HandLog(_scratch["t"]);

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(2, 5, null, null, "'columnMapping'", "it")]
    [InlineData(3, 7, """["deletionVectors"]""", """["deletionVectors"]""", "'deletionVectors'", "it")]
    [InlineData(3, 7, """["v2Checkpoint","timestampNtz","columnMapping"]""", "[]", "'columnMapping', 'v2Checkpoint'", "them")]
    [InlineData(3, 7, """["flying"]""", """["flying"]""", "'flying'", "it")]
    [InlineData(3, 7, """["v2Checkpoint"]""", """["v2Checkpoint"]""", "'v2Checkpoint'", "it")]
    [InlineData(3, 7, """["typeWidening"]""", """["typeWidening"]""", "'typeWidening'", "it")]
    [InlineData(3, 7, """["typeWidening-preview","variantType"]""", "[]", "'typeWidening-preview', 'variantType'", "them")]
    [InlineData(3, 7, """["vacuumProtocolCheck"]""", """["vacuumProtocolCheck"]""", "'vacuumProtocolCheck'", "it")]
    [InlineData(4, 7, null, null, "'reader version 4'", "it")]
    public void Reader_features_are_refused_by_name(
        int reader, int writer, string? readerFeatures, string? writerFeatures, string names, string them)
    {
        _log.Commit(0, HandLog.Protocol(reader, writer, readerFeatures, writerFeatures), HandLog.MetaData());
        AssertRefused(
            "delta.reader-feature",
            $"{_log.Folder} version 0 needs {names}, which {(them == "it" ? "is" : "are")} not supported; rewrite the table without {them}",
            () => _log.Table.LatestSnapshot());
    }

    [Theory]
    [InlineData(1, 3, null, "'checkConstraints'", "it")]
    [InlineData(1, 4, null, "'checkConstraints', 'changeDataFeed', 'generatedColumns'", "them")]
    [InlineData(1, 6, null, "'checkConstraints', 'changeDataFeed', 'generatedColumns', 'columnMapping', 'identityColumns'", "them")]
    [InlineData(1, 7, """["rowTracking","appendOnly","domainMetadata","invariants"]""", "'domainMetadata', 'rowTracking'", "them")]
    [InlineData(3, 7, """["timestampNtz"]""", "'timestampNtz'", "it")]
    [InlineData(1, 8, null, "'writer version 8'", "it")]
    public void Writer_features_are_refused_by_name_and_the_table_still_reads(
        int reader, int writer, string? writerFeatures, string names, string them)
    {
        _log.Commit(
            0, HandLog.Protocol(reader, writer, reader == 3 ? writerFeatures : null, writerFeatures), HandLog.MetaData());
        Snapshot snapshot = _log.Table.LatestSnapshot()!;
        Assert.Equal((reader, writer), (snapshot.Protocol.MinReaderVersion, snapshot.Protocol.MinWriterVersion));
        AssertRefused(
            "delta.writer-feature",
            $"{_log.Folder} version 0 needs {names}, which {(them == "it" ? "is" : "are")} not supported; rewrite the table without {them}",
            () => _log.Table.Begin(snapshot));
    }

    [Theory]
    [InlineData(1, 1, null, null)]
    [InlineData(1, 2, null, null)]
    [InlineData(1, 7, null, """["appendOnly","invariants"]""")]
    [InlineData(3, 7, "[]", """["appendOnly"]""")]
    public void Plain_tables_are_written(int reader, int writer, string? readerFeatures, string? writerFeatures)
    {
        _log.Commit(0, HandLog.Protocol(reader, writer, readerFeatures, writerFeatures), HandLog.MetaData());
        Assert.Equal(new CommitResult.Committed(1), _log.Table.Begin(_log.Table.LatestSnapshot()!).Commit("WRITE"));
    }

    [Fact]
    public void Feature_that_a_later_commit_turns_on_is_refused_from_there_on()
    {
        _log.Create(HandLog.Add("a.parquet")).Commit(1, HandLog.Protocol(3, 7, """["deletionVectors"]""", """["deletionVectors"]"""));
        Assert.Single(_log.Table.SnapshotAt(0).Files);
        AssertRefused(
            "delta.reader-feature",
            $"{_log.Folder} version 1 needs 'deletionVectors', which is not supported; rewrite the table without it",
            () => _log.Table.LatestSnapshot());
    }

    [Theory]
    [InlineData("""{"name":"id","type":"long","nullable":true,"metadata":{"delta.invariants":"{\"expression\":{\"expression\":\"id > 0\"}}"}}""", "id")]
    [InlineData("""{"name":"s","type":{"type":"struct","fields":[{"name":"x","type":"long","nullable":true,"metadata":{"delta.invariants":"{}"}}]},"nullable":true,"metadata":{}}""", "s")]
    public void Column_with_an_invariant_is_read_and_not_written(string field, string column)
    {
        _log.Commit(0, HandLog.Protocol(), HandLog.MetaData($$"""{"type":"struct","fields":[{{field}}]}""", "[]"));
        Snapshot snapshot = _log.Table.LatestSnapshot()!;
        AssertRefused(
            "delta.writer-feature",
            $"{_log.Folder} version 0 has an invariant on column '{column}', which OneRec cannot check; rewrite the table without it",
            () => _log.Table.Begin(snapshot));
    }

    [Fact]
    public void Data_files_of_another_format_are_refused()
    {
        _log.Commit(0, HandLog.Protocol(), HandLog.MetaData().Replace("\"parquet\"", "\"orc\"", StringComparison.Ordinal));
        AssertRefused(
            "delta.reader-feature",
            $"{_log.Folder} version 0 has data files in the unsupported format 'orc'; rewrite the table as parquet",
            () => _log.Table.LatestSnapshot());
    }

    [Fact]
    public void Append_only_table_takes_rows_and_loses_none()
    {
        _log.Commit(
            0, HandLog.Protocol(), HandLog.MetaData(configuration: """{"delta.appendOnly":"true"}"""), HandLog.Add("a.parquet"));
        Snapshot snapshot = _log.Table.LatestSnapshot()!;
        AssertRefused(
            "delta.append-only",
            $"{_log.Folder} version 0 is append-only (property delta.appendOnly); unset the property to remove rows",
            () => _log.Table.Begin(snapshot).Remove(snapshot.Files));
        Assert.Equal(new CommitResult.Committed(1), _log.Table.Begin(snapshot).Commit("WRITE"));
    }

    private static void AssertRefused(string code, string message, Action act)
    {
        var e = Assert.Throws<OneRecException>(act);
        Assert.Equal((message, code, ErrorKind.Table), (e.Message, e.Code, e.Kind));
    }
}
