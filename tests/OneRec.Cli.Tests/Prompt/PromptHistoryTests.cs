using System.Runtime.Versioning;
using OneRec.Cli.Prompt;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Prompt;

/// <summary>The history of the prompt on disk.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PromptHistoryTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ScratchFolder _folder = new();
    private readonly List<string> _told = [];

    private string File_ => Path.Combine(_folder["state"], "onerec", "sql_history");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_there_in_the_next_prompt_and_only_the_owner_can_read_them()
    {
        PromptHistory first = Open();
        Array.ForEach(["a", "b", "b", "", "  ", " secret", "映画", new string('x', 10_001)], first.Add);
        Assert.Equal(["a", "b", "映画"], Open().Lines);
        Assert.Equal(Owner, File.GetUnixFileMode(File_));
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(File_)!));
        Assert.Empty(_told);
    }

    [Fact]
    public void A_file_that_others_could_read_is_closed_to_them()
    {
        Open().Add("a");
        File.SetUnixFileMode(File_, Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Open().Add("b");
        Assert.Equal(Owner, File.GetUnixFileMode(File_));
    }

    [Fact]
    public void It_does_not_grow_without_end()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        File.WriteAllLines(File_, Enumerable.Range(0, 2_001).Select(i => $"line {i}"));
        PromptHistory history = Open();
        Assert.Equal((1_000, "line 1001", "line 2000"), (history.Lines.Count, history.Lines[0], history.Lines[^1]));
        Assert.Equal(1_000, File.ReadAllLines(File_).Length);
        Assert.Equal(Owner, File.GetUnixFileMode(File_));
        history.Add("new");
        Assert.Equal((1_000, "line 1002", "new"), (history.Lines.Count, history.Lines[0], history.Lines[^1]));
        Assert.Equal(["sql_history"], Directory.GetFiles(Path.GetDirectoryName(File_)!).Select(Path.GetFileName));
    }

    [Fact]
    public void Two_prompts_keep_the_lines_of_both()
    {
        PromptHistory one = Open(), other = Open();
        one.Add("a");
        other.Add("b");
        one.Add("c");
        Assert.Equal(["a", "b", "c"], Open().Lines);
    }

    [Fact]
    public void Where_nothing_can_be_kept_it_is_told_once_and_the_lines_stay_in_memory()
    {
        Directory.CreateDirectory(File_);
        PromptHistory folder = Open();
        folder.Add("a");
        folder.Add("b");
        Assert.Equal(["a", "b"], folder.Lines);
        Assert.Contains("is a folder", Assert.Single(_told), StringComparison.Ordinal);
        Directory.Delete(File_);

        // The way of people who want no history.
        File.CreateSymbolicLink(File_, "/dev/null");
        Open().Add("a");
        Assert.Equal(2, _told.Count);
        Assert.Equal("/dev/null", new FileInfo(File_).LinkTarget);
        File.Delete(File_);
        Directory.Delete(_folder["state"], recursive: true);
        File.WriteAllText(_folder["state"], "");
        Open().Add("a");
        Assert.Equal(3, _told.Count);
    }

    [Theory]
    [InlineData("/s", "/h", "/s/onerec/sql_history")]
    [InlineData("", "/h", "/h/.local/state/onerec/sql_history")]
    [InlineData("relative", "/h", "/h/.local/state/onerec/sql_history")]
    [InlineData(null, "/h", "/h/.local/state/onerec/sql_history")]
    [InlineData(null, "", null)]
    [InlineData(null, null, null)]
    public void It_lies_in_the_folder_for_state(string? state, string? home, string? path)
    {
        var environment = new Dictionary<string, string>();
        foreach ((string name, string? value) in new[] { ("XDG_STATE_HOME", state), ("HOME", home) }.Where(v => v.Item2 is not null))
        {
            environment[name] = value!;
        }

        Assert.Equal(path, PromptHistory.PathOf(environment));
    }

    private PromptHistory Open() => new(File_, _told.Add);
}
