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
    [InlineData("{t}/a%20b.parquet", "{t}/a b.parquet")]
    [InlineData("file://{t}/a%20b.parquet", "{t}/a b.parquet")]
    [InlineData("file:{t}/a.parquet", "{t}/a.parquet")]
    [InlineData("./p=a/../a.parquet", "{t}/a.parquet")]
    [InlineData("p=a/..a.parquet", "{t}/p=a/..a.parquet")]
    [InlineData("p=%2A%3F%5B1%5D%7B2%7D/%2A.parquet", "{t}/p=*?[1]{2}/*.parquet")]
    public void Path_leads_to_a_file(string path, string expected)
    {
        path = path.Replace("{t}", _scratch["t"], StringComparison.Ordinal);
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

    [Theory]
    [InlineData("/elsewhere/a.parquet")]
    [InlineData("file:///elsewhere/a.parquet")]
    [InlineData("file:/elsewhere/a.parquet")]
    [InlineData("../a.parquet")]
    [InlineData("../../../a.parquet")]
    [InlineData("p=a/../../a.parquet")]
    [InlineData("p=a%2F..%2F..%2Fa.parquet")]
    [InlineData("%2e%2e/a.parquet")]
    [InlineData("../t2/a.parquet")]
    [InlineData(".")]
    [InlineData("{t}/../a.parquet")]
    public void File_outside_the_table_is_refused_like_a_shallow_clone(string path)
    {
        path = path.Replace("{t}", _scratch["t"], StringComparison.Ordinal);
        AssertRefused(
            path, $"has the file {path}, which is outside the table's folder, as in a shallow clone; copy the table whole (a deep clone)");
    }

    [Fact]
    public void File_of_the_log_is_no_data() =>
        AssertRefused("_delta_log/0.checkpoint.parquet", "has the file _delta_log/0.checkpoint.parquet, which is in its log; rewrite the table");

    [Theory]
    [InlineData("")]
    [InlineData("a%00.parquet")]
    public void Text_that_is_no_path_is_refused(string path) =>
        AssertRefused(path, $"has the file {path}, which is not on a local disk; copy the table whole");

    [Theory]
    [InlineData("link.parquet", "link.parquet")]
    [InlineData("p=a/b.parquet", "p=a")]
    public void Link_that_leads_outside_is_refused_until_the_file_itself_is_there(string path, string link)
    {
        DeltaTable outside = DeltaTable.At(_scratch["outside"]);
        outside.Append((7, "a"));
        string data = outside.LatestSnapshot()!.FullPath(outside.LatestSnapshot()!.Files[0]);
        Snapshot snapshot = new HandLog(_scratch["t"]).Create(HandLog.Add(path)).Table.LatestSnapshot()!;
        string at = Path.Combine(_scratch["t"], link);
        if (link == path)
        {
            File.CreateSymbolicLink(at, data);
        }
        else
        {
            File.Copy(data, Path.Combine(_scratch["outside"], "b.parquet"));
            Directory.CreateSymbolicLink(at, _scratch["outside"]);
        }

        AssertRefused(snapshot, $"has the file {path}, a link that leads outside the table's folder; copy the file itself into the table");

        if (File.Exists(at))
        {
            File.Delete(at);
        }
        else
        {
            Directory.Delete(at);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_scratch["t"], path))!);
        File.Copy(data, Path.Combine(_scratch["t"], path));
        Assert.Equal(["7"], Rows.Of(snapshot, ["id"]));
    }

    [Fact]
    public void Link_that_stays_in_the_table_and_a_table_behind_a_link_are_read()
    {
        DeltaTable real = DeltaTable.At(_scratch["real"]);
        real.Append((7, "a"));
        Directory.CreateSymbolicLink(_scratch["t"], _scratch["real"]);
        DeltaTable table = DeltaTable.At(_scratch["t"]);
        Assert.Equal(["7 | \"a\""], Rows.Of(table.LatestSnapshot()!));

        AddFile file = table.LatestSnapshot()!.Files[0];
        string path = table.LatestSnapshot()!.FullPath(file);
        File.Move(path, Path.Combine(_scratch["real"], "moved.parquet"));
        File.CreateSymbolicLink(path, "../moved.parquet");
        Assert.Equal(["7 | \"a\""], Rows.Of(table.LatestSnapshot()!));
    }

    [Fact]
    public void Spellings_of_one_path_are_one_file()
    {
        HandLog log = new HandLog(_scratch["t"]).Create(HandLog.Add("a.parquet"), HandLog.Add("p=a b/c.parquet"));
        log.Commit(1, HandLog.Add("./a.parquet"), HandLog.Add($"file:{_scratch["t"]}/x/../a.parquet"), HandLog.Remove("p=a%20b/./c.parquet"));
        Assert.Single(log.Table.LatestSnapshot()!.Files);
    }

    private void AssertRefused(string path, string what) =>
        AssertRefused(new HandLog(_scratch["t"]).Create(HandLog.Add(path)).Table.LatestSnapshot()!, what);

    private void AssertRefused(Snapshot snapshot, string what)
    {
        var e = Assert.Throws<OneRecException>(() => Rows.Of(snapshot));
        Assert.Equal(($"{_scratch["t"]} version 0 {what}", "delta.file-place", ErrorKind.Table), (e.Message, e.Code, e.Kind));
    }
}
