using OneRec.Scoring.Images;
using OneRec.Testing;

namespace OneRec.Scoring.Tests.Images;

/// <summary>Which files data may name.</summary>
public sealed class ImageFolderTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public ImageFolderTests()
    {
        Directory.CreateDirectory(_scratch["images/sub"]);
        Directory.CreateDirectory(_scratch["images-of-others"]);
        File.WriteAllText(_scratch["images/a.png"], "a");
        File.WriteAllText(_scratch["images/sub/b.png"], "b");
        File.WriteAllText(_scratch["secret"], "secret");
        File.WriteAllText(_scratch["images-of-others/c.png"], "c");
        File.CreateSymbolicLink(_scratch["images/within"], "sub/../a.png");
        File.CreateSymbolicLink(_scratch["images/out"], "../secret");
        File.CreateSymbolicLink(_scratch["images/out-absolute"], _scratch["secret"]);
        File.CreateSymbolicLink(_scratch["images/out-twice"], "out");
        Directory.CreateSymbolicLink(_scratch["images/folder-out"], "..");
        Directory.CreateSymbolicLink(_scratch["images/folder-within"], "sub");
        File.CreateSymbolicLink(_scratch["images/circle"], "circle");
        Directory.CreateSymbolicLink(_scratch["alias"], "images");
    }

    [Theory]
    [InlineData("a.png", "a")]
    [InlineData("sub/b.png", "b")]
    [InlineData("./sub//b.png", "b")]
    [InlineData("sub/../a.png", "a")]
    [InlineData("{root}/images/a.png", "a")]
    [InlineData("{root}/alias/a.png", "a")]
    [InlineData("within", "a")]
    [InlineData("folder-within/b.png", "b")]
    [InlineData("folder-within/../a.png", "a")]
    [InlineData("folder-out/images/a.png", "a")]
    public void A_file_below_the_folder_is_read(string given, string text)
    {
        Assert.Null(Folder().TryRead(Rooted(given), out byte[] bytes));
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(bytes));

        // The same where the folder itself is named by a link.
        Assert.Null(new ImageFolder(_scratch["alias"], null).TryRead(Rooted(given), out _));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("sub/../../secret")]
    [InlineData("{root}/secret")]
    [InlineData("/etc/passwd")]
    [InlineData("../images-of-others/c.png")]
    [InlineData("../../../../../../../../../../etc/passwd")]
    [InlineData("out")]
    [InlineData("out-absolute")]
    [InlineData("out-twice")]
    [InlineData("folder-out/secret")]
    [InlineData("folder-within/../../secret")]
    [InlineData("../none")]
    [InlineData("/dev/zero")]
    [InlineData("..")]
    [InlineData(".")]
    public void A_file_outside_of_the_folder_is_not_read_whatever_way_leads_there(string given)
    {
        string path = Path.Combine(_scratch["images"], Rooted(given));
        Assert.Equal(
            $"({path}) lies outside of {_scratch["images"]}; move it there, or set input.imagesRoot to a folder above all images",
            Folder().TryRead(Rooted(given), out byte[] bytes));
        Assert.Empty(bytes);
    }

    [Theory]
    [InlineData("none.png", "does not exist")]
    [InlineData("none/a.png", "does not exist")]
    [InlineData("a.png/b", "does not exist")]
    [InlineData("sub", "is a folder")]
    [InlineData("circle", "is a loop of symbolic links")]
    [InlineData("a\0.png", "has a NUL in its path")]
    public void What_is_no_file_is_told(string given, string problem) => Assert.Equal(
        $"({_scratch["images"]}/{given.Replace("\0", "\\u0000", StringComparison.Ordinal)}) {problem}", Folder().TryRead(given, out _));

    [Fact]
    public async Task A_pipe_or_a_device_is_told_before_it_is_opened()
    {
        Assert.Equal(0, Desk.Capture("mkfifo", [_scratch["images/pipe"]], TimeSpan.FromSeconds(30)).Exit);
        var all = new ImageFolder(_scratch["images"], "/");
        foreach (string given in new[] { "pipe", "/dev/zero", "/dev/null", "/proc/self/environ" })
        {
            string path = Path.Combine(_scratch["images"], given);
            Task<string?> read = Task.Run(() => all.TryRead(given, out _), TestContext.Current.CancellationToken);
            string? problem = await read.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Assert.Equal($"({path}) is empty or not a regular file", problem);
        }
    }

    [Fact]
    public void A_file_is_bounded_in_size()
    {
        using (FileStream large = File.Create(_scratch["images/large"]))
        {
            large.SetLength(ImageFolder.MaxBytes + 1);
        }

        Assert.Equal(
            $"({_scratch["images"]}/large) has 67,108,865 bytes, more than 67,108,864; store a smaller file", Folder().TryRead("large", out _));
        Assert.Equal(
            $"({_scratch["images"]}/sub/b.png) has 1 bytes, more than 0; store a smaller file",
            new ImageFolder(_scratch["images"], null, 0).TryRead("sub/b.png", out _));
    }

    [Fact]
    public void Another_folder_above_lets_its_files_be_read()
    {
        var wider = new ImageFolder(_scratch["images"], _scratch.Path);
        Assert.Null(wider.TryRead("../secret", out byte[] bytes));
        Assert.Equal("secret"u8, bytes);
        Assert.Null(wider.TryRead("out", out _));
        Assert.NotNull(wider.TryRead("/etc/passwd", out _));
    }

    [Fact]
    public void The_working_directory_is_the_folder_where_none_is_given()
    {
        Assert.Equal("has an empty path", new ImageFolder(null, null).TryRead("", out _));
        Assert.Equal($"({Environment.CurrentDirectory}/none.png) does not exist", new ImageFolder(null, null).TryRead("none.png", out _));
    }

    public void Dispose() => _scratch.Dispose();

    private ImageFolder Folder() => new(_scratch["images"], null);

    private string Rooted(string given) => given.Replace("{root}", _scratch.Path, StringComparison.Ordinal);
}
