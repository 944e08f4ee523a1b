using System.Text;
using OneRec.Core;
using OneRec.Inputs.Csv;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Inputs;

public sealed class CsvReaderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    [Fact]
    public void Fields_are_parted_by_commas_and_lines_by_either_break() =>
        Assert.Equal(["a|b", "1|2", "3|4"], Read("a,b\r\n1,2\n3,4"));

    [Fact]
    public void Quotes_hold_commas_and_doubled_quotes() =>
        Assert.Equal(["a|b", "x, \"y\"|"], Read("a,b\n\"x, \"\"y\"\"\",\"\"\n"));

    [Fact]
    public void Empty_fields_are_null()
    {
        using var reader = new CsvReader(Write("a,b,c\n,\"\",x\n"), multiLine: false);
        reader.Read();
        Assert.Equal([null, null, "x"], reader.Read()!.Fields);
    }

    [Fact]
    public void Byte_order_mark_is_no_part_of_the_header()
    {
        File.WriteAllText(_folder["bom.csv"], "a,b\n", new UTF8Encoding(true));
        using var reader = new CsvReader(_folder["bom.csv"], multiLine: false);
        Assert.Equal(["a", "b"], reader.Read()!.Fields);
    }

    [Fact]
    public void Line_breaks_in_quotes_are_kept_where_allowed() =>
        Assert.Equal(["a|b", "1\n2|3"], Read("a,b\n\"1\n2\",3\n", multiLine: true));

    [Fact]
    public void Line_breaks_in_quotes_are_refused_where_not_allowed() =>
        Refused("row 2 has a line break inside quotes; set input.csv.multiLine=true if that is meant", "a,b\n1,2\n\"1\n2\",3\n");

    [Fact]
    public void Quote_that_is_never_closed_is_refused() => Refused("row 1 has a quote that is never closed", "a,b\n\"1,2");

    [Fact]
    public void Text_after_a_closing_quote_is_refused() =>
        Refused("row 1 has text after a closing quote", "a,b\n\"1\"x,2\n");

    [Fact]
    public void Quote_inside_a_field_that_does_not_begin_with_one_is_that_quote() =>
        Assert.Equal(["a|b", "12\" disc|2"], Read("a,b\n12\" disc,2\n"));

    [Fact]
    public void Lines_without_a_character_are_no_records_but_in_one_column()
    {
        Assert.Equal(["a|b", "1|2", "3|4"], Read("a,b\n1,2\n\n3,4\r\n\r\n"));
        Assert.Equal(["a", "1", "", "2"], Read("a\n1\n\n2\n"));
    }

    [Fact]
    public void Carriage_return_alone_is_refused() => Refused(
        "row 1 has a carriage return without a line feed; end lines by LF or CRLF", "a,b\n1,2\r3,4\n");

    [Fact]
    public void Record_after_a_malformed_one_is_read_from_the_next_line()
    {
        using var reader = new CsvReader(Write("a,b\n\"1,2\n3,\"4\n5,6\n7,\"8\"x\n9\n10,11"), multiLine: true);
        Assert.Equal(
            [
                "1 has text after a closing quote: \"1,2", "2 has text after a closing quote: 3,\"4", "3 5|6",
                "4 has text after a closing quote: 7,\"8\"x", "5 has 1 fields, but the header has 2: 9", "6 10|11",
            ],
            reader.AnyRecords().Select(r => $"{r.Row} {r.Problem}{(r.Problem is null ? string.Join('|', r.Fields) : ": " + r.Raw)}"));
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_refused()
    {
        File.WriteAllBytes(_folder["x.csv"], [.. "a,b\n1,"u8, 0xFF, (byte)'\n']);
        using var reader = new CsvReader(_folder["x.csv"], multiLine: false);
        OneRecException refused = Assert.Throws<OneRecException>(() => reader.Records().Count());
        Assert.EndsWith("is not UTF-8", refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
    }

    public void Dispose() => _folder.Dispose();

    private void Refused(string what, string text)
    {
        string file = Write(text);
        using var reader = new CsvReader(file, multiLine: false);
        OneRecException refused = Assert.Throws<OneRecException>(() => reader.Records().Count());
        Assert.Equal($"{file}: {what}", refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
    }

    private List<string> Read(string text, bool multiLine = false)
    {
        using var reader = new CsvReader(Write(text), multiLine);
        var rows = new List<string>();
        while (reader.Read() is { } record)
        {
            Assert.Equal(rows.Count, record.Row);
            rows.Add(string.Join('|', record.Fields));
        }

        return rows;
    }

    private string Write(string text)
    {
        File.WriteAllText(_folder["x.csv"], text);
        return _folder["x.csv"];
    }
}
