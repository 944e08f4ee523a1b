using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Where the log's paths lead: relative or absolute, percent-encoded once (protocol, "Add File and Remove File").</summary>
public sealed class FilePlaceTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("a.parquet", "{t}/a.parquet")]
    [InlineData("p=a%20b/a.parquet", "{t}/p=a b/a.parquet")]
    [InlineData("p=a%252Fb/a.parquet", "{t}/p=a%2Fb/a.parquet")]
    [InlineData("p=10:30/a.parquet", "{t}/p=10:30/a.parquet")]
    [InlineData("p=%E6%97%A5/a.parquet", "{t}/p=日/a.parquet")]
    [InlineData("/elsewhere/a%20b.parquet", "/elsewhere/a b.parquet")]
    [InlineData("file:///elsewhere/a%20b.parquet", "/elsewhere/a b.parquet")]
    [InlineData("file:/elsewhere/a.parquet", "/elsewhere/a.parquet")]
    public void Path_leads_to_a_file(string path, string expected)
    {
        Snapshot snapshot = new HandLog(_scratch["t"]).Create(HandLog.Add(path)).Table.LatestSnapshot()!;
        Assert.Equal(expected.Replace("{t}", _scratch["t"], StringComparison.Ordinal), snapshot.FullPath(snapshot.Files[0]));
    }

    [Theory]
    [InlineData("s3://bucket/a.parquet")]
    [InlineData("abfss://c@a.dfs.core.windows.net/a.parquet")]
    public void File_of_another_store_is_refused(string path)
    {
        Snapshot snapshot = new HandLog(_scratch["t"]).Create(HandLog.Add(path)).Table.LatestSnapshot()!;
        var e = Assert.Throws<OneRecException>(() => Rows.Of(snapshot));
        Assert.Equal(
            ($"{_scratch["t"]} version 0 has the file {path}, which is not on a local disk; copy the table whole", "delta.file-place", ErrorKind.Table),
            (e.Message, e.Code, e.Kind));
    }
}
