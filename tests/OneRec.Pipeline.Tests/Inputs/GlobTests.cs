using OneRec.Engine.Sources;
using OneRec.Inputs.Files;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Inputs;

public sealed class GlobTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public GlobTests()
    {
        foreach (string name in new[] { "a1.csv", "a2.csv", "b1.csv", "deep/a3.csv", "deep/er/a4.csv", "_a5.csv", ".a6.csv", "_x/a7.csv" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            File.WriteAllText(_folder[name], "");
        }
    }

    [Theory]
    [InlineData("*.csv", "a1.csv", "a2.csv", "b1.csv")]
    [InlineData("a?.csv", "a1.csv", "a2.csv")]
    [InlineData("[!a]*.csv", "b1.csv")]
    [InlineData("[ab]1.csv", "a1.csv", "b1.csv")]
    [InlineData("{a2,b1}.csv", "a2.csv", "b1.csv")]
    [InlineData("*/a3.csv", "deep/a3.csv")]
    [InlineData("**/a*.csv", "a1.csv", "a2.csv", "deep/a3.csv", "deep/er/a4.csv")]
    [InlineData("deep/**", "deep", "deep/er")]
    [InlineData("_*.csv", "_a5.csv")]
    [InlineData("a[1.csv")]
    public void Pattern_matches_as_in_a_shell(string pattern, params string[] expected)
    {
        string[] found = [.. Glob.Match(LocalInputs.Instance, _folder[pattern]).Select(f => Path.GetRelativePath(_folder.Path, f))];
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Base_is_the_folder_above_the_first_pattern() => Assert.Equal("/data/logs", Glob.Base("/data/logs/day=*/[ab].csv"));

    public void Dispose() => _folder.Dispose();
}
