using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Export.Files;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Export;

/// <summary>Rows of a query as a Parquet file, read by DuckDB; what is there before is kept until the file is whole.</summary>
public sealed class RowFileTests : IDisposable
{
    private static readonly Schema Columns = new(
        [new Field("id", Int64Type.Default, true), new Field("text 'ü'", StringType.Default, true), new Field("x", FloatType.Default, true)], null);

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_of_all_batches_are_there_with_their_nulls()
    {
        string file = _folder["a b.parquet"];
        Assert.Equal(5, RowFile.Write(file, Columns, [Batch(1, 3), Batch(4, 2)], overwrite: false, CancellationToken.None));
        Assert.Equal(
            ["1 | t1 | 0.5", "2 | NULL | 1", "3 | t3 | 1.5", "4 | NULL | 2", "5 | t5 | 2.5"],
            Duck.Rows($"SELECT id, \"text 'ü'\", x FROM read_parquet('{file}') ORDER BY id"));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Query_without_rows_gives_a_file_without_rows()
    {
        string file = _folder["none.parquet"];
        Assert.Equal(0, RowFile.Write(file, Columns, [], overwrite: false, CancellationToken.None));
        Assert.Equal(["0"], Duck.Rows($"SELECT count(*) FROM read_parquet('{file}')"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void File_that_is_there_is_kept_until_a_whole_one_replaces_it(bool cancelled)
    {
        string file = _folder["kept.parquet"];
        RowFile.Write(file, Columns, [Batch(1, 1)], overwrite: false, CancellationToken.None);
        byte[] before = File.ReadAllBytes(file);
        OneRecException there = Assert.Throws<OneRecException>(() => RowFile.Write(file, Columns, [Batch(2, 1)], overwrite: false, CancellationToken.None));
        Assert.Equal($"{file} exists; name another file, or give --overwrite to replace it", there.Message);

        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<Exception>(() => RowFile.Write(file, Columns, Failing(stop, cancelled), overwrite: true, stop.Token));
        Assert.Equal(before, File.ReadAllBytes(file));
        Assert.Single(Directory.GetFiles(_folder.Path));

        RowFile.Write(file, Columns, [Batch(7, 1)], overwrite: true, CancellationToken.None);
        Assert.Equal(["7"], Duck.Rows($"SELECT id FROM read_parquet('{file}')"));
    }

    [Fact]
    public void Link_is_not_written_through()
    {
        Skip.Unless(!OperatingSystem.IsWindows(), "symbolic links");
        File.WriteAllText(_folder["target"], "mine");
        File.CreateSymbolicLink(_folder["link.parquet"], _folder["target"]);
        File.CreateSymbolicLink(_folder["dangling.parquet"], _folder["nothing"]);
        Assert.All(["link.parquet", "dangling.parquet"], name => Assert.Contains(
            "exists", Assert.Throws<OneRecException>(() => RowFile.Write(_folder[name], Columns, [Batch(1, 1)], overwrite: false, CancellationToken.None)).Message, StringComparison.Ordinal));
        RowFile.Write(_folder["link.parquet"], Columns, [Batch(1, 1)], overwrite: true, CancellationToken.None);
        Assert.Equal("mine", File.ReadAllText(_folder["target"]));
        Assert.False(File.Exists(_folder["nothing"]));
    }

    [Fact]
    public void Folder_or_no_folder_is_refused_by_name()
    {
        Assert.Contains("is a folder", Assert.Throws<OneRecException>(() => RowFile.Require(_folder.Path, overwrite: true)).Message, StringComparison.Ordinal);
        Assert.Contains("is no folder", Assert.Throws<OneRecException>(() => RowFile.Require(_folder["none/x.parquet"], overwrite: true)).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<RecordBatch> Failing(CancellationTokenSource stop, bool cancelled)
    {
        yield return Batch(1, 2);
        if (cancelled)
        {
            stop.Cancel();
            yield return Batch(3, 2);
        }

        throw new IOException("the query failed");
    }

    private static RecordBatch Batch(int first, int rows)
    {
        int[] ids = [.. Enumerable.Range(first, rows)];
        var texts = new StringArray.Builder();
        foreach (int id in ids)
        {
            texts.Append(id % 2 == 0 ? null : $"t{id}");
        }

        return new RecordBatch(
            Columns,
            [new Int64Array.Builder().AppendRange(ids.Select(i => (long)i)).Build(), texts.Build(), new FloatArray.Builder().AppendRange(ids.Select(i => i / 2f)).Build()],
            rows);
    }
}
