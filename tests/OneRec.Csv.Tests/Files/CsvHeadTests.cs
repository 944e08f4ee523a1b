using System.Text;
using OneRec.Core;
using OneRec.Csv.Files;
using OneRec.Testing;

namespace OneRec.Csv.Tests.Files;

public sealed class CsvHeadTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    [Fact]
    public void Header_and_first_rows_are_read_and_no_more()
    {
        string text = "\uFEFFid,\"the, title\"\r\n" + string.Concat(Enumerable.Range(0, 50_000).Select(n => $"{n},\"a\nb\"\r\n"));
        CsvHead head = Read(Encoding.UTF8.GetBytes(text), true, 100);
        Assert.Equal(["id", "the, title"], head.Header);
        Assert.Equal(100, head.Records);
        Assert.Equal(["99", "a\nb"], head.Rows[99]);
    }

    [Fact]
    public void Malformed_rows_are_counted_and_skipped()
    {
        CsvHead head = Read("a,b\n1\n1,2\n"u8.ToArray(), false, 10);
        Assert.Equal(2, head.Records);
        Assert.Equal([["1", "2"]], head.Rows);
    }

    [Fact]
    public void Header_may_span_lines()
    {
        CsvHead head = Read("a,\"b\nc\"\n1,\n"u8.ToArray(), true, 10);
        Assert.Equal(["a", "b\nc"], head.Header);
        Assert.Equal([["1", null]], head.Rows);
    }

    [Theory]
    [InlineData("", "is empty; it must begin with a header")]
    [InlineData("\uFEFF", "is empty; it must begin with a header")]
    [InlineData("a,,b\n", ": column 2 has no name in the header")]
    [InlineData("\na,b\n", ": column 1 has no name in the header")]
    [InlineData("a,A\n", ": the header has 'a' twice (names are case-insensitive); rename one")]
    [InlineData("a,\"b\"c\n", ": the header has text after a closing quote")]
    public void Invalid_header_is_an_error(string text, string message) => Refused(Encoding.UTF8.GetBytes(text), message);

    public static TheoryData<string, byte[]> Others => new()
    {
        { "is a gzip file; rename it to end in .gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 10] },
        { "is a Parquet file; rename it to end in .parquet", "PAR1\x15\n"u8.ToArray() },
        { "is a ZIP archive or a spreadsheet; save it as CSV (UTF-8)", "PK\x03\x04\n"u8.ToArray() },
        { "is UTF-16; convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8", Encoding.Unicode.GetBytes("a,b\n1,2\n") },
        { "is UTF-16; convert it to UTF-8, for example with iconv -f UTF-16BE -t UTF-8", Encoding.BigEndianUnicode.GetBytes("a,b\n1,2\n") },
        { "is UTF-32; convert it to UTF-8, for example with iconv -f UTF-32 -t UTF-8", [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes("a,b\n1,2\n")] },
        { "is a bzip2 file; decompress it, or compress it with gzip or zstd", [.. "BZh91AY&SY"u8, 1, 2, 3, 4] },
        { "is an xz file; decompress it, or compress it with gzip or zstd", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0, 4] },
        { ": the header is not UTF-8 (byte 0xE9 at position 3); set input.csv.encoding=windows-1252 if it is that or Latin-1, or convert the file", [(byte)'a', (byte)',', 0xE9, (byte)'\n'] },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void File_of_another_kind_is_recognized(string message, byte[] bytes) => Refused(bytes, message);

    public void Dispose() => _folder.Dispose();

    private void Refused(byte[] bytes, string message)
    {
        OneRecException refused = Assert.Throws<OneRecException>(() => Read(bytes, false, 10));
        Assert.Equal(_folder["x.csv"] + (message[0] == ':' ? "" : " ") + message, refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
    }

    private CsvHead Read(byte[] bytes, bool multiLine, int rows)
    {
        File.WriteAllBytes(_folder["x.csv"], bytes);
        return CsvHead.Read(new CsvFile(_folder["x.csv"], []), multiLine, rows);
    }
}
