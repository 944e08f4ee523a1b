using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>The example of the library's README is code that runs.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void Example_does_what_it_says()
    {
        using var scratch = new ScratchFolder();
        using var output = new StringWriter();
        ReadmeExample.Run(scratch["t"], output);
        ReadmeExample.Run(scratch["t"], output);
        Assert.Equal(
            $"{new CommitResult.Committed(0)}: 1 row, id 2\n{new CommitResult.Committed(1)}: 1 row, id 2\n{new CommitResult.Committed(1)}: 1 row, id 2\n",
            output.ToString());
    }

    [Fact]
    public void Example_is_the_text_of_the_page()
    {
        string page = File.ReadAllText(Path.Combine(Desk.Root, "src", "OneRec.Delta", "README.md"));
        string code = Between(File.ReadAllText(Path.Combine(Desk.Root, "tests", "OneRec.Delta.Tests", "ReadmeExample.cs")), "// README begins\n", "        // README ends");
        string[] lines = [.. code.TrimEnd().Split('\n').Select(l => l.Length == 0 ? l : l[8..])];
        Assert.Equal(lines, Between(page, "```csharp\n", "```").TrimEnd().Split('\n'));
        Assert.InRange(lines.Count(l => l.Trim() is not ("" or "{" or "}")), 10, 20);
    }

    private static string Between(string text, string start, string end)
    {
        int first = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[first..text.IndexOf(end, first, StringComparison.Ordinal)];
    }
}
