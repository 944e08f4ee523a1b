using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Data files that are missing or damaged are table errors (exit 4) that name the file.</summary>
public sealed class BrokenFileTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly DeltaTable _table;
    private readonly AddFile _file;

    public BrokenFileTests()
    {
        _table = DeltaTable.At(_scratch["t"]);
        _table.Append([.. Enumerable.Range(0, 5_000).Select(i => ((long)i * i, (string?)"a b"))]);
        _file = Assert.Single(_table.LatestSnapshot()!.Files);
    }

    private string FullPath => _table.LatestSnapshot()!.FullPath(_file);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Missing_file_is_named()
    {
        File.Delete(FullPath);
        AssertBroken("delta.file-missing", $"{_table.Folder} version 0: {_file.DecodedPath} does not exist; restore the file");
    }

    [Fact]
    public void Missing_folder_of_a_partition_is_a_missing_file()
    {
        Directory.Delete(Path.GetDirectoryName(FullPath)!, recursive: true);
        AssertBroken("delta.file-missing", $"{_table.Folder} version 0: {_file.DecodedPath} does not exist; restore the file");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1_000)]
    [InlineData(-1)]
    [InlineData(-300)]
    public void Truncated_file_is_named(int length)
    {
        using (FileStream file = File.OpenWrite(FullPath))
        {
            file.SetLength(length < 0 ? file.Length + length : length);
        }

        AssertBroken("delta.file-broken", $"{_table.Folder} version 0: {_file.DecodedPath} is damaged: it differs from its checksum; restore the file");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(60)]
    public void File_with_damaged_pages_is_named(int at)
    {
        byte[] bytes = File.ReadAllBytes(FullPath);
        bytes.AsSpan(at, 200).Fill(0xff);
        File.WriteAllBytes(FullPath, bytes);
        AssertBroken("delta.file-broken", $"{_table.Folder} version 0: {_file.DecodedPath} is damaged: it differs from its checksum; restore the file");
    }

    [Fact]
    public void Column_that_the_table_lacks_is_told_with_those_it_has()
    {
        var e = Assert.Throws<OneRecException>(() => Rows.Of(_table.LatestSnapshot()!, ["id", "sid"]));
        Assert.Equal(
            ($"{_table.Folder} version 0 has no column 'sid'; it has id, part", "delta.column-missing", ErrorKind.Table),
            (e.Message, e.Code, e.Kind));
    }

    private void AssertBroken(string code, string message)
    {
        var e = Assert.Throws<OneRecException>(() => Rows.Of(_table.LatestSnapshot()!));
        Assert.Equal((message, code, ErrorKind.Table), (e.Message, e.Code, e.Kind));
    }
}
