using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Cli.Output;
using OneRec.Core;
using OneRec.Pipeline.Running;

namespace OneRec.Cli.Tests;

/// <summary>Characters that control a terminal are shown as escapes wherever a person or a log reads.</summary>
public sealed class PrintableTests
{
    /// <summary>A title that clears the screen, sets the window's title, rings, moves back, turns text around and fakes a line.</summary>
    private const string Hostile = "a\u001b[2J\u001b]0;x\u0007\0\b\u009b31m\u202eb\u2066c\u2069\u007f\r\nerror fake";

    private const string Shown = "a\\u001b[2J\\u001b]0;x\\u0007\\u0000\\u0008\\u009b31m\\u202eb\\u2066c\\u2069\\u007f\\r\\nerror fake";

    private readonly Started _onerec = new();

    [Theory]
    [InlineData("plain 'text' with ünïcode, 漢字 and 😀", "plain 'text' with ünïcode, 漢字 and 😀")]
    [InlineData(Hostile, Shown)]
    [InlineData("a\tb", "a\\tb")]
    [InlineData("\u2028\u2029\u0085\u061c\u200f\ufeff", "\\u2028\\u2029\\u0085\\u061c\\u200f\\ufeff")]
    [InlineData("\u202a\u202b\u202c\u202d\u2067\u2068", "\\u202a\\u202b\\u202c\\u202d\\u2067\\u2068")]
    [InlineData("", "")]
    public void A_line_has_no_control_characters(string text, string shown) => Assert.Equal(shown, Printable.Line(text));

    [Fact]
    public void Half_a_surrogate_pair_is_escaped() => Assert.Equal("a\\ud83db", Printable.Line("a\ud83db"));

    [Fact]
    public void Every_control_character_is_escaped_and_no_letter_is()
    {
        for (int c = 0; c <= char.MaxValue; c++)
        {
            string line = Printable.Line($"{(char)c}");
            bool isControl = char.IsControl((char)c) || char.IsSurrogate((char)c);
            Assert.True(!isControl || line.All(l => l is >= ' ' and <= '~'), $"U+{c:X4} is raw");
            Assert.True(!char.IsLetterOrDigit((char)c) || line == $"{(char)c}", $"U+{c:X4} is escaped");
        }
    }

    [Fact]
    public void A_cell_of_a_table_is_one_line_and_JSON_and_CSV_keep_the_data()
    {
        _onerec.Backend.Rows = Rows;

        Assert.Equal(0, _onerec.Run("lookup", "1"));
        Assert.Equal(4, _onerec.Out.TrimEnd('\n').Split('\n').Length);
        Assert.Contains($"\n{Shown[..77]}...\n", _onerec.Out, StringComparison.Ordinal);
        RequirePrintable(_onerec.Out);

        _onerec.Run("lookup", "1", "--output", "json");
        Assert.Equal(Hostile, (string?)System.Text.Json.Nodes.JsonNode.Parse(_onerec.Out)!["rows"]![0]!["title\u001b"]);
        _onerec.Run("lookup", "1", "--output", "csv");
        Assert.Equal($"title\u001b\r\n\"{Hostile}\"\r\n", _onerec.Out);
    }

    [Fact]
    public void A_long_cell_is_cut_at_a_whole_character()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var table = new TextTable(output, [("t", false)], 10);
        table.Add(["123456😀9012345"]);
        table.End();

        Assert.EndsWith("\n123456...\n", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_progress_and_summaries_are_printable()
    {
        _onerec.Backend.During = observer =>
        {
            observer.Started("ingest");
            observer.Message("ingest", Hostile);
            observer.Progressed("ingest", Hostile, 1, 2, "rows");
        };
        _onerec.Backend.Answer = _ => new RunSummary(
            "r\u001b1", [new StepSummary("ingest", false, 1, 1, 1, [], [new Fact("page", Hostile)]) { Result = "/a\u001b/b" }], 1, 1);

        Assert.Equal(0, _onerec.Run("run"));
        RequirePrintable(_onerec.Out);
        RequirePrintable(_onerec.Error);
        Assert.Contains(Shown, _onerec.Error, StringComparison.Ordinal);
        Assert.Contains(Shown, _onerec.Out, StringComparison.Ordinal);

        _onerec.Backend.Answer = _ => throw OneRecException.Input("input.bad", $"file: row 1 has '{Hostile}'");
        Assert.Equal(3, _onerec.Run("run", "--verbose"));
        RequirePrintable(_onerec.Error);
        Assert.DoesNotContain("\nerror fake", _onerec.Error.Split("   at ")[0].Split("OneRecException")[0], StringComparison.Ordinal);
    }

    private static RowSet Rows()
    {
        var schema = new Schema([new Field("title\u001b", StringType.Default, true)], null);
        return new RowSet(schema, [new RecordBatch(schema, [new StringArray.Builder().Append(Hostile).Build()], 1)]);
    }

    private static void RequirePrintable(string text) =>
        Assert.DoesNotContain(text, c => (char.IsControl(c) && c != '\n') || c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069');
}
