using OneRec.Core;
using OneRec.Engine.Sources;
using OneRec.Inputs.Files;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>Each file of a folder is read once, and what is not read is named.</summary>
public sealed class FolderWalkTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_link_to_a_folder_beside_it_adds_no_file()
    {
        Touch("logs/d1/a.csv");
        Touch("logs/d2/b.csv");
        Link("logs/latest", "d2");
        Assert.Equal(["d1/a.csv", "d2/b.csv"], Names("logs"));

        // A pattern that matches both takes the first name.
        Assert.Equal(["d2/b.csv"], Names("logs/[dl][2a]*"));
    }

    [Fact]
    public void Links_that_form_loops_end()
    {
        Touch("logs/a.csv");
        Link("logs/loop", ".");
        Link("logs/other", "loop");
        Link("logs/self", "self");
        Assert.Equal(["a.csv"], Names("logs").Where(n => n != "self"));
        Assert.Equal(["a.csv"], Names("logs/**/*.csv"));
    }

    [Fact]
    public void Links_that_lead_out_are_followed_once()
    {
        Touch("logs/a.csv");
        Touch("elsewhere/b.csv");
        Link("logs/one", Path.GetFullPath(_scratch["elsewhere"]));
        Link("logs/two", "../elsewhere");
        Link("logs/c.csv", "../elsewhere/b.csv");
        Assert.Equal(2, Names("logs").Length);
        Assert.Contains("a.csv", Names("logs"));
    }

    [Fact]
    public void Links_to_files_without_an_extension_are_read()
    {
        // As in a cache of downloads: the content by its hash, its names as links.
        Touch("data/blobs/ab12");
        Touch("data/blobs/cd34");
        Directory.CreateDirectory(_scratch["data/snapshots"]);
        Link("data/snapshots/a.parquet", "../blobs/ab12");
        Link("data/snapshots/b.parquet", "../blobs/cd34");
        Link("data/snapshots/twice.parquet", "../blobs/cd34");
        Assert.Equal(2, Names("data").Length);
        Assert.Equal(2, Names("data/snap*").Length);
        Assert.Equal(2, InputFiles.Find(LocalInputs.Instance, "input.tokens", _scratch["data"], ".parquet").Files.Count);
    }

    [Fact]
    public void Files_with_other_extensions_are_counted_and_named()
    {
        foreach (string name in new[] { "p.csv", "p1.csv.xz", "p2.bz2", "p3.json", "p4.tab", "p5.parq", "p6.txt", "_SUCCESS", ".p.csv.crc" })
        {
            Touch("logs/" + name);
        }

        InputFiles files = InputFiles.Open(LocalInputs.Instance, "input.interactions", _scratch["logs"]);
        Assert.Equal(["p1.csv.xz", "p2.bz2", "p3.json", "p4.tab", "p5.parq", "p6.txt"], files.PassedOver);
        Assert.Equal(
            $"{_scratch["logs"]}: 6 files are not read because of the name: p1.csv.xz, p2.bz2, p3.json, p4.tab, p5.parq, ...",
            files.PassedOverNotice);
        Touch("vectors/a.parquet");
        Touch("vectors/b.npy");
        Assert.Equal(["b.npy"], InputFiles.Find(LocalInputs.Instance, "input.tokens", _scratch["vectors"], ".parquet").PassedOver);
    }

    private string[] Names(string path)
    {
        InputFiles files = InputFiles.Open(LocalInputs.Instance, "input.interactions", _scratch[path]);
        return [.. files.Files.Select(files.NameOf)];
    }

    private void Touch(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_scratch[file])!);
        File.WriteAllText(_scratch[file], "");
    }

    private void Link(string path, string target) => File.CreateSymbolicLink(_scratch[path], target);
}
