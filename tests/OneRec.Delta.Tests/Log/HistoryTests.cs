using OneRec.Testing;

namespace OneRec.Delta.Tests;

public sealed class HistoryTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly HandLog _log;

    public HistoryTests() => _log = new HandLog(_scratch["t"]);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Each_commit_is_told_newest_first()
    {
        _log.Create()
            .Commit(1, """{"commitInfo":{"timestamp":1700000000123,"operation":"WRITE","operationParameters":{"mode":"Append","partitionBy":["p"],"n":3,"x":null},"userMetadata":"{\"a\":1}","engineInfo":"other/1"}}""", HandLog.Add("a.parquet"))
            .Commit(2, HandLog.Add("a.parquet").Replace("\"dataChange\":true", "\"dataChange\":false", StringComparison.Ordinal))
            .Commit(3, HandLog.Remove("a.parquet"));
        HistoryEntry[] history = [.. _log.Table.History()];
        Assert.Equal([(3, true), (2, false), (1, true), (0, false)], history.Select(h => (h.Version, h.ChangesData)));
        HistoryEntry told = history[2];
        Assert.Equal(
            (DateTimeOffset.FromUnixTimeMilliseconds(1700000000123), "WRITE", "{\"a\":1}", "other/1"),
            (told.Timestamp, told.Operation, told.UserMetadata, told.EngineInfo));
        Assert.Equal(
            ["mode=Append", "n=3", "partitionBy=[\"p\"]", "x="],
            told.OperationParameters.Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal));
        HistoryEntry silent = history[0];
        Assert.Equal((null, null, null), (silent.Operation, silent.UserMetadata, silent.EngineInfo));
        Assert.Equal(File.GetLastWriteTimeUtc(_log["00000000000000000003.json"]), silent.Timestamp.UtcDateTime);
    }

    [Theory]
    [InlineData("""{"commitInfo":{"timestamp":1.5,"operation":{"name":"WRITE"},"operationParameters":"none","userMetadata":{"step":"x"},"engineInfo":7}}""", """{"step":"x"}""")]
    [InlineData("""{"commitInfo":"by hand"}""", null)]
    [InlineData("""{"commitInfo":{"timestamp":1700000000000000000,"userMetadata":"ns"}}""", "ns")]
    [InlineData("""{"commitInfo":{"userMetadata":null}}""", null)]
    public void Commit_may_say_anything_of_itself(string commitInfo, string? userMetadata)
    {
        _log.Create(commitInfo, HandLog.Add("a.parquet"));
        Assert.Single(_log.Table.LatestSnapshot()!.Files);
        Assert.Equal(userMetadata, Assert.Single(_log.Table.History()).UserMetadata);
    }

    [Fact]
    public void Actions_of_other_kinds_change_nothing()
    {
        _log.Create(
            """{"cdc":{"path":"c.parquet","partitionValues":{},"size":1,"dataChange":false}}""",
            """{"domainMetadata":{"domain":"d","configuration":"","removed":false}}""",
            """{"somethingNew":{}}""",
            HandLog.Add("a.parquet"));
        Assert.Equal(["a.parquet"], _log.Table.LatestSnapshot()!.Files.Select(f => f.Path));
    }
}
