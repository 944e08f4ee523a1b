using OneRec.Core;
using OneRec.Engine.Sources;
using OneRec.Inputs.Files;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Inputs;

public sealed class InputFilesTests : IDisposable
{
    private static readonly DateTime Noon = new(2024, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    private readonly ScratchFolder _folder = new();

    [Fact]
    public void Folder_gives_its_csv_files_in_order_without_hidden_ones()
    {
        foreach (string name in new[] { "b.csv", "a/z.CSV", "a.csv", "_tmp.csv", ".x/c.csv", "readme.txt" })
        {
            Write(name, "x\n");
        }

        InputFiles files = InputFiles.Open(LocalInputs.Instance, "input.items", _folder.Path);
        Assert.Equal(["a.csv", "a/z.CSV", "b.csv"], files.Files.Select(files.NameOf));
    }

    [Fact]
    public void Missing_input_is_reported_with_its_option()
    {
        Refused(ErrorKind.Configuration, "input.items is not set; give it a file or folder", null);
        Refused(ErrorKind.Input, $"input.items: there is no file or folder {_folder["x"]}", _folder["x"]);
        Refused(ErrorKind.Input, $"input.items: there is no .csv, .tsv, .jsonl or .parquet file in folder {_folder.Path}", _folder.Path);
        Write("x.xyz", "");
        Refused(
            ErrorKind.Input,
            $"input.items: {_folder["x.xyz"]} is not a .csv, .tsv, .jsonl or .parquet file; rename or convert it",
            _folder["x.xyz"]);
        Refused(
            ErrorKind.Input,
            $"input.items: no .csv, .tsv, .jsonl or .parquet file matches {_folder["*.zip"]}",
            _folder["*.zip"]);
        Write("a.csv", "x\n");
        Write("b.parquet", "");
        Refused(
            ErrorKind.Input,
            $"input.items: {_folder["a.csv"]} and {_folder["b.parquet"]} have different formats; convert one of them",
            _folder.Path);
    }

    [Fact]
    public void What_only_Spark_reads_is_refused_with_the_cure()
    {
        Refused(
            ErrorKind.Configuration,
            "input.items: hdfs://names/items is read on Spark only: use --engine spark, or copy the files to this machine and name their folder",
            "hdfs://names/items");
        Refused(
            ErrorKind.Input,
            "input.items: main.db.items is no file or folder here, and tables of a catalog are read on Spark only: correct the path, "
                + "or use --engine spark",
            "main.db.items");
    }

    [Fact]
    public void Uri_of_a_local_file_is_that_file()
    {
        Write("d/a b.csv", "x\n1\n");
        var plain = InputFiles.Open(LocalInputs.Instance, "input.items", _folder["d"]);
        var uri = InputFiles.Open(LocalInputs.Instance, "input.items", $"file://{_folder["d"]}");
        Assert.Equal((plain.Root, plain.Files[0]), (uri.Root, uri.Files[0]));
        Assert.Equal(InputVersion.Of(plain, InputHash.Content), InputVersion.Of(uri, InputHash.Content));
    }

    [Fact]
    public void Version_changes_with_size_and_whole_seconds_but_not_with_the_folder()
    {
        Write("one/a.csv", "x\n1\n");
        Write("two/a.csv", "x\n1\n");
        string version = Version("one");
        Assert.Equal(version, Version("two"));
        File.SetLastWriteTimeUtc(_folder["one/a.csv"], Noon.AddMilliseconds(400));
        Assert.Equal(version, Version("one"));
        File.SetLastWriteTimeUtc(_folder["one/a.csv"], Noon.AddSeconds(1));
        Assert.NotEqual(version, Version("one"));
        Write("two/a.csv", "x\n10\n");
        Assert.NotEqual(version, Version("two"));
    }

    [Fact]
    public void Version_by_content_depends_on_bytes_only()
    {
        Write("a.csv", "x\n1\n");
        string version = Version("a.csv", InputHash.Content);
        File.SetLastWriteTimeUtc(_folder["a.csv"], Noon.AddHours(1));
        Assert.Equal(version, Version("a.csv", InputHash.Content));
        Write("a.csv", "x\n2\n");
        Assert.NotEqual(version, Version("a.csv", InputHash.Content));
        Assert.Equal(Version("a.csv"), Version("a.csv"));
    }

    public void Dispose() => _folder.Dispose();

    private string Version(string name, InputHash hash = InputHash.Stat) =>
        InputVersion.Of(InputFiles.Open(LocalInputs.Instance, "input.items", _folder[name]), hash);

    private void Refused(ErrorKind kind, string message, string? path)
    {
        OneRecException refused = Assert.Throws<OneRecException>(() => InputFiles.Open(LocalInputs.Instance, "input.items", path));
        Assert.Equal(message, refused.Message);
        Assert.Equal(kind, refused.Kind);
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], text);
        File.SetLastWriteTimeUtc(_folder[name], Noon);
    }
}
