using System.Diagnostics;
using System.Text;
using CsCheck;
using OneRec.Csv.Records;

namespace OneRec.Csv.Tests.Records;

public sealed class RecordReaderTests
{
    [Theory]
    [InlineData("a,b\r\n1,2\r\n3,4", "1: 1|2", "2: 3|4")]
    [InlineData("a,b\n\"x, \"\"y\"\"\",\"\"\n", "1: x, \"y\"|")]
    [InlineData("a,b\n12\" disc,2\n", "1: 12\" disc|2")]
    [InlineData("a,b\n5\" x,\"c, d\"\n", "1: 5\" x|c, d")]
    [InlineData("\uFEFFa,b\n1,2\n", "1: 1|2")]
    [InlineData("a,b\n\uFEFF1,2\n", "1: \uFEFF1|2")]
    [InlineData("a,b\n1,2\n\n3,4\r\n\r\n", "1: 1|2", "2: 3|4")]
    [InlineData("a,b\n\"1\"x,2\n", "1 has text after a closing quote: \"1\"x,2")]
    [InlineData("a,b\n5\" x,\"1\"x\n", "1 has text after a closing quote: 5\" x,\"1\"x")]
    [InlineData("a,b\n1,2\n\"1\n2\",3\n", "1: 1|2",
        "2 has a quote that is not closed on its line; set input.csv.multiLine=true if fields contain line breaks: \"1", "3: 2\"|3")]
    [InlineData("a,b\n1,2\r3,4\n5,6\n",
        "1 has a carriage return without a line feed; end lines with LF or CRLF: 1,2\r3,4", "2: 5|6")]
    [InlineData("a,b\n1\n1,2,3\n", "1 has 1 field, but the header has 2: 1", "2 has 3 fields, but the header has 2: 1,2,3")]
    public void Lines_as_records(string text, params string[] records) => Assert.Equal(records, Listed.Of(text, false, 2));

    [Theory]
    [InlineData("a,b\n\"1\n2\",3\n", "1: 1\n2|3")]
    [InlineData("a,b\r\n\"1\r\n2\",3\r\n", "1: 1\r\n2|3")]
    [InlineData("a,b\n\"1\r2\",3\n", "1: 1\r2|3")]
    [InlineData("a,b\n\"1,2", "1 has a quote that is never closed: \"1,2")]
    [InlineData(
        "a,b\n\"1,2\n3,\"4\n5,6\n7,\"8\"x\n9\n10,11",
        "1 has text after a closing quote: \"1,2", "2 has text after a closing quote: 3,\"4", "3: 5|6",
        "4 has text after a closing quote: 7,\"8\"x", "5 has 1 field, but the header has 2: 9", "6: 10|11")]
    public void Records_that_span_lines(string text, params string[] records) => Assert.Equal(records, Listed.Of(text, true, 2));

    [Fact]
    public void An_empty_line_is_a_record_in_a_file_of_one_column() =>
        Assert.Equal(["1: 1", "2: ", "3: 2"], Listed.Of("a\n1\n\n2\n", false, 1));

    [Fact]
    public void Invalid_utf8_only_affects_its_record()
    {
        byte[] bytes = [.. "a,b\n1,2\nx\u00E9,"u8, 0xE9, .. "t\n3,4\n"u8];
        string due = "2 is not UTF-8 (byte 0xE9 at position 5); set input.csv.encoding=windows-1252 if it is that or Latin-1, or convert the file: x\u00E9,\uFFFDt";
        Assert.Equal(["1: 1|2", due, "3: 3|4"], Listed.Of(bytes, false, 2));
        Assert.Equal(["1: 1|2", due, "3: 3|4"], Listed.Of(bytes, true, 2));
    }

    [Fact]
    public void Invalid_utf8_is_not_mistaken_for_carriage_returns()
    {
        byte[] bytes = [.. "a,b\n1,"u8, 0xC0, .. "\n2\r2,3\n\xFF"u8];
        List<string> records = Listed.Of(bytes, false, 2);
        Assert.StartsWith("1 is not UTF-8 (byte 0xC0 at position 3)", records[0]);
        Assert.Equal("2 has a carriage return without a line feed; end lines with LF or CRLF: 2\r2,3", records[1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_text_is_read_as_the_oracle_reads_it(bool multiLine)
    {
        Gen<string> texts = Gen.Char["aa1,,\"\"\n\n\r \u00E9"].Array[0, 40].Select(c => new string(c));
        Gen.Select(texts, Gen.Int[1, 64]).Sample((text, block) =>
            Assert.Equal(CsvOracle.Records("x,y\n" + text, multiLine), Listed.Of("x,y\n" + text, multiLine, 2, block)));
        texts.Sample(text => Assert.Equal(CsvOracle.Records("x\n" + text, multiLine), Listed.Of("x\n" + text, multiLine, 1, 8)));
    }

    [Fact]
    public void Records_across_blocks_and_slices_are_complete()
    {
        string field = string.Join("\r\n", Enumerable.Range(0, 200_000).Select(n => $"line {n} says \"\"{n}\"\""));
        string text = $"a,b\n\"{field}\",1\nx,2\n\"bad\"x,3\n\"{field}\",4\n";
        List<string> records = Listed.Of(text, true, 2, 1 << 16);
        string due = field.Replace("\"\"", "\"", StringComparison.Ordinal);
        Assert.Equal([$"1: {due}|1", "2: x|2", "3 has text after a closing quote: \"bad\"x,3", $"4: {due}|4"], records);
    }

    public static TheoryData<string> Hostile =>
        ["a line of NULs", "a quoted field", "a quoted field of lines", "quotes on every line", "commas", "quotes", "carriage returns"];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_text_is_read_in_time(string kind)
    {
        const int Size = 18 << 20;
        string body = kind switch
        {
            "a line of NULs" => new string('\0', Size),
            "a quoted field" => "\"" + new string('x', Size) + "\",1",
            "a quoted field of lines" => "\"" + string.Concat(Enumerable.Repeat("some words\n", Size / 11)) + "\",1",
            "quotes on every line" => string.Concat(Enumerable.Repeat("5\",\"abc\n", Size / 8)),
            "commas" => new string(',', Size),
            "quotes" => new string('"', Size),
            _ => new string('\r', Size),
        };
        byte[] bytes = Encoding.UTF8.GetBytes($"a,b\n1,2\n{body}\n3,4\n");
        foreach (bool multiLine in new[] { false, true })
        {
            var counted = new Counted();
            var clock = Stopwatch.StartNew();
            var blocks = new LineBlocks(new MemoryStream(bytes), 2 << 20, CancellationToken.None);
            var reader = new RecordReader(2, multiLine, -1, counted, CancellationToken.None);
            while (blocks.Next() is { } block)
            {
                reader.Read(block);
            }

            reader.End();
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(90), $"{kind}, multiLine {multiLine}: {clock.Elapsed}");
            TestContext.Current.TestOutputHelper?.WriteLine($"{kind} {multiLine}: {clock.Elapsed}, {counted.Good}, {counted.Bad}");
            Assert.Equal(reader.Row, counted.Good + counted.Bad);
            Assert.True(counted.Bad >= 1);
        }
    }

    [Fact]
    public void Record_above_16_mebibytes_is_rejected()
    {
        string text = "a,b\n1,2\n" + new string('x', LineBlock.MaxBytes) + ",2\n3,4\n";
        List<string> records = Listed.Of(text, false, 2);
        Assert.Equal(["1: 1|2", "3: 3|4"], [records[0], records[2]]);
        Assert.StartsWith("2 is longer than 16 MiB; is a quote missing?: xxx", records[1]);
    }

    [Fact]
    public void Reading_stops_when_cancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var blocks = new LineBlocks(new MemoryStream([1]), 1, source.Token);
        Assert.Throws<OperationCanceledException>(() => blocks.Next());
        var reader = new RecordReader(2, false, -1, new Counted(), source.Token);
        Assert.Throws<OperationCanceledException>(() => reader.Read(new LineBlock([10, 65, 10], 3)));
    }

    private sealed class Counted : IRecordSink
    {
        public long Good { get; private set; }

        public long Bad { get; private set; }

        public void Accept(long row, TextRecord record) => Good++;

        public void Reject(long row, string problem, string text) => Bad++;
    }
}
