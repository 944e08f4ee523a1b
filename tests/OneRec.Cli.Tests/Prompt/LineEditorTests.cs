using OneRec.Cli.Prompt;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Prompt;

/// <summary>Editing of lines: what is read, and what a screen shows.</summary>
public sealed class LineEditorTests
{
    [Theory]
    [InlineData("SELECT 1\n", "SELECT 1")]
    [InlineData("ab^Ax^E y\n", "xab y")]
    [InlineData("one two^W^Wthree\n", "three")]
    [InlineData("one two^A^Kthree\n", "three")]
    [InlineData("one two^Uthree\n", "three")]
    [InlineData("abc^B^B^D^H\n", "c")]
    [InlineData("abc^H^H^B^B^F^Dx\n", "ax")]
    [InlineData("a\tb\n", "a b")]
    [InlineData("𝄞映é^H^Hx\n", "𝄞x")]
    [InlineData("a𝄞b^B^B^H^Fx\n", "𝄞xb")]
    public void Keys_edit_as_in_readline(string keys, string line) =>
        Assert.Equal(new PromptLine(line, LineEnd.Entered), Editor(new FakeKeyboard().Type(keys)).Read("> "));

    [Fact]
    public void Control_characters_are_not_text()
    {
        PromptLine line = Editor(new FakeKeyboard().Type("a\u001b\u007f\u0085b\n")).Read("> ");
        Assert.Equal("ab", line.Text);
    }

    [Fact]
    public void Ctrl_C_drops_Ctrl_D_ends_and_so_does_a_terminal_that_is_gone()
    {
        LineEditor editor = Editor(new FakeKeyboard().Type("abc^Cx^D\n^D^Dy"));
        Assert.Equal(new PromptLine("", LineEnd.Dropped), editor.Read("> "));
        Assert.Equal(new PromptLine("x", LineEnd.Entered), editor.Read("> "));
        Assert.Equal(new PromptLine("", LineEnd.Ended), editor.Read("> "));
        Assert.Equal(new PromptLine("", LineEnd.Ended), editor.Read("> "));
        Assert.Equal(new PromptLine("", LineEnd.Ended), editor.Read("> "));
    }

    [Fact]
    public void Up_and_down_go_through_the_history_and_back_to_what_was_typed()
    {
        var keyboard = new FakeKeyboard().Type("one\ntwo\ntwo\nnew");
        keyboard.Press(ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.UpArrow).Type("!\nnew");
        keyboard.Press(ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.DownArrow, ConsoleKey.DownArrow, ConsoleKey.DownArrow).Type("er\n");
        LineEditor editor = Editor(keyboard);
        Assert.Equal(["one", "two", "two", "one!", "newer"], Enumerable.Range(0, 5).Select(_ => editor.Read("> ").Text));
    }

    [Theory]
    [InlineData("abcdefgh", new[] { "> abcdefgh", "1,0" })]
    [InlineData("abcdefghi", new[] { "> abcdefgh", "i", "1,1" })]
    [InlineData("abcdefghijklmnopqrstu^A^F", new[] { "> abcdefgh", "ijklmnopqr", "stu", "0,3" })]
    [InlineData("abcdefghijklmnopqr", new[] { "> abcdefgh", "ijklmnopqr", "", "2,0" })]
    [InlineData("abcdefghijklmnopqr^B", new[] { "> abcdefgh", "ijklmnopqr", "", "1,9" })]
    [InlineData("abcdefg映画", new[] { "> abcdefg", "映画", "1,4" })]
    [InlineData("映映映映映映映映映映^B^B^B^B^B^B", new[] { "> 映映映映", "映映映映映", "映", "1,0" })]
    [InlineData("abcdefghijklmno^A^K^Y", new[] { ">", "0,2" })]
    [InlineData("abcdefghijkl^W", new[] { ">", "0,2" })]
    public void Long_lines_wrap_and_the_cursor_is_where_it_should_be(string keys, string[] expected)
    {
        using var screen = new FakeScreen(10);
        using var pasted = new FakeScreen(10);
        Editor(new FakeKeyboard(10).Type(keys), screen).Read("> ");
        Editor(new FakeKeyboard(10) { IsTyped = false }.Type(keys), pasted).Read("> ");
        string[] shown = [.. screen.Rows().Take(expected.Length - 1), screen.Rows()[^1]];
        Assert.Equal(expected, shown);
        Assert.Equal(screen.Rows(), pasted.Rows());
    }

    [Fact]
    public void A_history_with_escapes_of_a_terminal_is_not_shown()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["h"], "SELECT 1\n\u001b[2Jevil\nSELECT 2\n");
        Assert.Equal(["SELECT 1", "SELECT 2"], new PromptHistory(folder["h"], _ => { }).Lines);
    }

    private static LineEditor Editor(FakeKeyboard keyboard, TextWriter? screen = null) =>
        new(keyboard, screen ?? TextWriter.Null, new PromptHistory(null, _ => { }));
}
