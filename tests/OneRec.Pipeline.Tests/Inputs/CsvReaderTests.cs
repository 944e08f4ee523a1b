using System.Text;
using OneRec.Core;
using OneRec.Pipeline.Inputs;
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
    public void Quote_inside_a_field_is_refused() =>
        Refused("row 1 has a quote inside a field; quote the field and double the quote", "a,b\n1\"x,2\n");

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
