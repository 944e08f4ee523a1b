using System.Text;
using OneRec.Core;
using OneRec.Csv.Columns;
using OneRec.Csv.Files;
using OneRec.Csv.Records;
using OneRec.Csv.Tests.Records;
using OneRec.Csv.Types;
using OneRec.Testing;
using ZstdSharp;

namespace OneRec.Csv.Tests.Files;

/// <summary>Text in other separators, encodings and compressions, with and without headers.</summary>
public sealed class TextFormTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    [Theory]
    [InlineData("x.csv", ",")]
    [InlineData("x.tsv", "\t")]
    [InlineData("x.TSV.gz", "\t")]
    [InlineData("x.inter.zst", "\t")]
    [InlineData("x.dat", "::")]
    [InlineData("x.psv", "|")]
    [InlineData("x", ",")]
    public void Separator_is_that_of_the_name(string name, string separator) => Assert.Equal(separator, CsvFormat.SeparatorByName(name));

    [Fact]
    public void Lines_are_split_at_several_characters_and_quotes_are_text()
    {
        List<string> lines = Listed.Of(
            "1::\"Toy: Story::Drama\n\r\n2::::x\r\n3::a\n::::\n4::a::b::c"u8.ToArray(), sink => new SplitReader(3, "::", 0, sink, CancellationToken.None), 8);
        Assert.Equal(
            ["1: 1|\"Toy: Story|Drama", "2: 2||x", "3 has 2 fields, but the header has 3: 3::a", "4: ||", "5 has 4 fields, but the header has 3: 4::a::b::c"],
            lines);
    }

    [Fact]
    public void Names_are_given_or_made_where_the_file_has_none()
    {
        File.WriteAllText(_folder["x.tsv"], "1\t2\n3\t4\n");
        CsvHead made = Head("x.tsv", new CsvFormat(false, null) { Header = CsvHeader.Absent });
        Assert.Equal(["column1", "column2"], made.Header);
        Assert.Equal([["1", "2"], ["3", "4"]], made.Rows);
        Assert.Equal([1, 2], made.RowNumbers);
        CsvHead given = Head("x.tsv", new CsvFormat(false, null) { Header = CsvHeader.Of(["a", "b"]) });
        Assert.Equal(["a", "b"], given.Header);
        Assert.Equal(2, given.Records);
        OneRecException refused = Assert.Throws<OneRecException>(() => Head("x.tsv", new CsvFormat(false, null) { Header = CsvHeader.Of(["a"]) }));
        Assert.Equal($"{_folder["x.tsv"]}: the first row has 2 fields, but input.csv.header has 1", refused.Message);
        File.WriteAllText(_folder["empty.tsv"], "");
        refused = Assert.Throws<OneRecException>(() => Head("empty.tsv", new CsvFormat(false, null) { Header = CsvHeader.Absent }));
        Assert.Equal($"{_folder["empty.tsv"]} is empty", refused.Message);
    }

    [Theory]
    [InlineData("user_id:token\titem_id:token\ttimestamp:float", "user_id,item_id,timestamp")]
    [InlineData("user_id:token\titem_id\ttimestamp:float", "user_id:token,item_id,timestamp:float")]
    [InlineData("\tuser_id\titem_id", "column1,user_id,item_id")]
    public void Names_of_the_header(string header, string names)
    {
        File.WriteAllText(_folder["x.tsv"], header + "\n");
        Assert.Equal(names.Split(','), Head("x.tsv", new CsvFormat(false, null)).Header);
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-8", false)]
    public void Text_with_a_byte_order_mark_is_read_in_its_encoding(string name, bool isUtf16)
    {
        var encoding = Encoding.GetEncoding(name);
        string titles = string.Concat(Enumerable.Range(0, 5_000).Select(n => $"{n},Amélie 標題 😀 {n}\n"));
        File.WriteAllBytes(_folder["x.csv"], [.. encoding.GetPreamble(), .. encoding.GetBytes("id,title\n" + titles)]);
        CsvHead head = Head("x.csv", true);
        Assert.Equal(isUtf16, head.IsUtf16);
        Assert.Equal(["id", "title"], head.Header);
        Assert.Equal("Amélie 標題 😀 4999", head.Rows[^1][1]);
    }

    [Fact]
    public void Text_that_is_not_the_encoding_of_its_mark_is_refused()
    {
        File.WriteAllBytes(_folder["x.csv"], [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,b\n"), 0x00, 0xD8, (byte)'x', 0, (byte)'\n', 0]);
        Assert.Equal(
            $"{_folder["x.csv"]} begins as UTF-16 but is not; write it again, as UTF-8",
            Assert.Throws<OneRecException>(() => Head("x.csv", true)).Message);
    }

    [Fact]
    public void Windows_1252_is_read_as_iconv_reads_it()
    {
        byte[] all = [.. "id,title\n"u8, .. Enumerable.Range(0x20, 0xE0).Where(b => b is not (0x22 or 0x2C or 0x7F or 0x81 or 0x8D or 0x8F or 0x90 or 0x9D))
            .SelectMany(b => (byte[])[(byte)'1', (byte)',', (byte)'x', (byte)b, (byte)'\n'])];
        File.WriteAllBytes(_folder["x.csv"], all);
        CsvHead head = Head("x.csv", new CsvFormat(false, null) { Encoding = TextEncoding.Windows1252 });
        Skip.Unless(Desk.OnPath("iconv") is not null, "no iconv");
        string text = Desk.Capture("iconv", ["-f", "WINDOWS-1252", "-t", "UTF-8", _folder["x.csv"]], TimeSpan.FromSeconds(20)).Output;
        Assert.Equal(text.TrimEnd('\n').Split('\n').Skip(1).Select(l => l[2..]), head.Rows.Select(r => r[1]));
    }

    [Fact]
    public void Zstandard_is_read_whole_or_refused()
    {
        string text = "id\n" + string.Concat(Enumerable.Range(1, 200_000).Select(n => n + "\n"));
        byte[] packed = Packed(text);
        File.WriteAllBytes(_folder["x.csv.zst"], [.. packed, .. Packed("7\n8\n")]);
        Assert.Equal(200_002, Head("x.csv.zst", false).Records);
        foreach (byte[] bad in new[] { packed[..^3], packed[..10], [.. packed, 1, 2, 3, 4, 5], Encoding.UTF8.GetBytes(text), Flipped(packed) })
        {
            File.WriteAllBytes(_folder["x.csv.zst"], bad);
            Assert.Equal(
                $"{_folder["x.csv.zst"]} is a truncated or corrupt Zstandard file; copy it again or rewrite it",
                Assert.Throws<OneRecException>(new CsvFile(_folder["x.csv.zst"], []).RequireWhole).Message);
        }

        Skip.Unless(Desk.OnPath("zstd") is not null, "no zstd");
        File.WriteAllText(_folder["y.csv"], text);
        Assert.Equal(0, Desk.Capture("zstd", ["-q", _folder["y.csv"]], TimeSpan.FromSeconds(20)).Exit);
        Assert.Equal(200_000, Head("y.csv.zst", false).Records);
    }

    [Fact]
    public void Objects_of_a_file_have_the_keys_of_all_its_lines()
    {
        File.WriteAllText(_folder["x.jsonl"], "{\"a\":1}\nnothing\n{\"b\":{\"c\":\"x\"},\"a\":2}\n");
        CsvHead head = JsonHead.Read(new CsvFile(_folder["x.jsonl"], []), 10);
        Assert.Equal(["a", "b.c"], head.Header);
        Assert.Equal([["1", null], ["2", "x"]], head.Rows);
        Assert.Equal([1, 3], head.RowNumbers);
        Assert.Equal(3, head.Records);
    }

    [Theory]
    [InlineData("", "is empty; it must have a JSON object on each line")]
    [InlineData("\n [\n{\"a\":1},\n{\"a\":2}]", "is one JSON array; write each of its objects on a line, for example with jq -c '.[]'")]
    [InlineData("{\n  \"a\": 1\n}\n", "row 1 is not JSON (at byte 2); a record is one object on one line")]
    [InlineData("a,b\n1,2\n", "row 1 is not JSON (at byte 1); a record is one object on one line")]
    [InlineData("{}\n{}\n", "has no object with a key")]
    [InlineData("{'a': 1}\n", "row 1 is not JSON: it is an object as Python prints it; write it with json.dumps")]
    public void Files_that_are_no_lines_of_objects_are_refused(string text, string problem)
    {
        File.WriteAllText(_folder["x.json"], text);
        Assert.Equal(
            $"{_folder["x.json"]} {problem}", Assert.Throws<OneRecException>(() => JsonHead.Read(new CsvFile(_folder["x.json"], []), 10)).Message);
    }

    [Fact]
    public void Columns_are_found_at_their_places_in_each_file()
    {
        File.WriteAllText(_folder["a.csv"], "a,b,c\n1,2,x\n");
        File.WriteAllText(_folder["b.csv"], "c,a,b\ny,3,4\nz,bad,5\n");
        var request = new CsvRequest(3, false, [new CsvColumn("a", "a", 0, ColumnType.BigInt) { Check = 1 }, new CsvColumn("c", "c", 2, ColumnType.Text)]);
        CsvFile[] files = [new CsvFile(_folder["a.csv"], []), new CsvFile(_folder["b.csv"], []) { Order = [1, 2, 0] }];
        string[] rows =
        [
            .. new CsvBatches(request, files, 2, CancellationToken.None).Read().SelectMany(b => Enumerable.Range(0, b.Length)
                .Select(r => $"{((Apache.Arrow.Int64Array)b.Column(0)).GetValue(r)} {((Apache.Arrow.StringArray)b.Column(1)).GetString(r)}")),
        ];
        Assert.Equal(["1 x", "3 y", " z"], rows);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Packed(string text)
    {
        using var compressor = new Compressor(3);
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
    }

    private static byte[] Flipped(byte[] bytes)
    {
        byte[] other = [.. bytes];
        other[other.Length / 2] ^= 0x10;
        return other;
    }

    private CsvHead Head(string name, CsvFormat format) => CsvHead.Read(new CsvFile(_folder[name], []), format, int.MaxValue);
}
