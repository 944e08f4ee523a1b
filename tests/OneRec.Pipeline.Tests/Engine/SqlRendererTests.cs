using OneRec.Engine.Scripts;

namespace OneRec.Pipeline.Tests.Engine;

public class SqlRendererTests
{
    private static readonly Marking Dialect = new();

    [Fact]
    public void Each_kind_of_argument_goes_through_the_dialect()
    {
        SqlScript script = new SqlScript("{{a}} {{b}} {{c}} {{d}} {{e}} {{f}} {{a}}")
            .With("a", 5)
            .With("b", 1.5)
            .With("c", "x")
            .With("d", DateTimeOffset.UnixEpoch)
            .With("e", new SqlArgument.Name("n"))
            .With("f", new SqlArgument.Expression("u > 1"));
        Assert.Equal("5 real:1.5 text:x instant:0 name:n u > 1 5", SqlRenderer.Render(script, Dialect));
    }

    [Fact]
    public void Negative_number_cannot_make_a_comment()
    {
        Assert.Equal("a -(-1)", SqlRenderer.Render(new SqlScript("a -{{x}}").With("x", -1), Dialect));
        Assert.Equal(
            "(-9223372036854775807 - 1)",
            SqlRenderer.Render(new SqlScript("{{x}}").With("x", long.MinValue), Dialect));
    }

    [Fact]
    public void What_a_value_brings_in_is_not_searched_for_holes()
    {
        SqlScript script = new SqlScript("{{a}}{{b}}").With("a", "{{b}}").With("b", "}}{{");
        Assert.Equal("text:{{b}}text:}}{{", SqlRenderer.Render(script, Dialect));
    }

    [Fact]
    public void Hole_without_argument_is_refused() =>
        Assert.StartsWith(
            "hole 'x' has no argument",
            Assert.Throws<ArgumentException>(() => SqlRenderer.Render(new SqlScript("{{x}}"), Dialect)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Argument_without_hole_is_refused() =>
        Assert.StartsWith(
            "argument 'y' has no hole",
            Assert.Throws<ArgumentException>(
                () => SqlRenderer.Render(new SqlScript("{{x}}").With("x", 1).With("y", 1), Dialect)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("{{")]
    [InlineData("{{}}")]
    [InlineData("{{a b}}")]
    [InlineData("{{{a}}}")]
    public void Braces_that_are_no_hole_are_refused(string text) =>
        Assert.Contains(
            "does not start a valid hole",
            Assert.Throws<ArgumentException>(
                () => SqlRenderer.Render(new SqlScript(text).With("a", 1), Dialect)).Message,
            StringComparison.Ordinal);

    private sealed class Marking : ISqlDialect
    {
        public string Text(string value) => "text:" + value;

        public string Name(string value) => "name:" + value;

        public string Real(double value) => "real:" + value.ToString("R");

        public string Instant(DateTimeOffset value) => "instant:" + value.ToUnixTimeMilliseconds();
    }
}
