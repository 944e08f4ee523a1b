using System.IO.Compression;
using System.Text;
using Apache.Arrow;
using OneRec.Core;
using OneRec.Csv.Columns;
using OneRec.Csv.Files;
using OneRec.Csv.Types;
using OneRec.Testing;

namespace OneRec.Csv.Tests.Files;

public sealed class CsvBatchesTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    [Fact]
    public void Values_are_typed_and_bad_rows_have_location_and_reason()
    {
        var request = new CsvRequest(
            6,
            false,
            [
                new CsvColumn("id", "id", 0, ColumnType.BigInt) { Required = "ids", Check = 2 },
                new CsvColumn("price", "price", 1, ColumnType.Double) { Check = 1 },
                new CsvColumn("at", "at", 2, ColumnType.BigInt) { Unit = InputTimeUnit.Timestamp, Required = "times", Check = 3 },
                new CsvColumn("day", "day", 3, ColumnType.Date),
                new CsvColumn("sold", "sold", 4, ColumnType.Boolean),
                new CsvColumn("title", "title", 5, ColumnType.Text),
                new CsvColumn("when", "at", 2, ColumnType.Timestamp),
                new CsvColumn("folder", "folder", 6, ColumnType.BigInt),
            ]);
        string file = Write(
            "id,price,at,day,sold,title\n"
            + "1,2.5,1970-01-01T00:00:01Z,1970-01-02,true,\"One, \"\"the\"\" first\"\n"
            + "x,dear,,no,maybe,\n"
            + ",,1970-01-01T00:00:02Z,,,é\n"
            + "4,\"5\"6,,,,\n");
        Assert.Equal(
            [
                "1|2.5|1000000|1|True|One, \"the\" first|1000000|7||||||||",
                "|||||||7||column 'price' has 'dear', which is not a DOUBLE; fix the row or set input.types.price"
                    + "|column 'id' has 'x', which is not a BIGINT; fix the row or set input.types.id"
                    + "|column 'at' is empty, but times are required|0|0|2|x,dear,,no,maybe,",
                "||2000000|||é|2000000|7|||column 'id' is empty, but ids are required||0|0|3|,,1970-01-01T00:00:02Z,,,é",
                "||||||||has text after a closing quote||||0|0|4|4,\"5\"6,,,,",
            ],
            Rows(request, [new CsvFile(file, ["7"])], 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Files_and_blocks_come_in_order_with_their_record_numbers(bool multiLine)
    {
        var request = new CsvRequest(2, multiLine, [new CsvColumn("n", "n", 0, ColumnType.BigInt) { Check = 1 }]);
        string[] names = ["a.csv", "b.csv.gz", "c.csv"];
        foreach (string name in names)
        {
            string text = "n,t\n" + string.Concat(Enumerable.Range(1, 300_000).Select(
                n => n % 100_000 == 0 ? $"bad{n},\n\n" : $"{n},\"text {n}\"\r\n"));
            Pack(name, Encoding.UTF8.GetBytes(text));
        }

        var rows = new List<(long? N, long? File, long? Row)>();
        foreach (RecordBatch batch in Read(request, [.. names.Select(n => new CsvFile(_folder[n], []))], 3))
        {
            var n = (Int64Array)batch.Column(0);
            var file = (Int64Array)batch.Column(CsvRequest.File);
            var row = (Int64Array)batch.Column(CsvRequest.Row);
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(i => (n.GetValue(i), file.GetValue(i), row.GetValue(i))));
            batch.Dispose();
        }

        Assert.Equal(900_000, rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            long due = (i % 300_000) + 1;
            Assert.Equal(due % 100_000 == 0 ? (null, (long?)(i / 300_000), due) : (due, null, (long?)null), rows[i]);
        }
    }

    [Fact]
    public void Every_row_has_its_details_if_requested()
    {
        var request = new CsvRequest(1, false, [new CsvColumn("n", "n", 0, ColumnType.BigInt) { Check = 1 }]) { DetailsForAllRows = true };
        Assert.Equal(["1|||0|0|1|1", "2|||0|0|2|\"2\""], Rows(request, [new CsvFile(Write("n\n1\n\"2\"\n"), [])], 1));
    }

    [Fact]
    public void Request_survives_json()
    {
        var request = new CsvRequest(
            3,
            true,
            [
                new CsvColumn("a", "A", 0, ColumnType.Text),
                new CsvColumn("t", "T", 1, ColumnType.BigInt) { Unit = InputTimeUnit.Ms, Required = "times", Check = 2 },
            ])
        { DetailsForAllRows = true };
        CsvRequest read = CsvRequest.FromJson(System.Text.Json.Nodes.JsonNode.Parse(request.ToJson().ToJsonString())!);
        Assert.Equal(request.Columns, read.Columns);
        Assert.Equal((3, true, true, 3), (read.Fields, read.MultiLine, read.DetailsForAllRows, read.Problems));
    }

    [Fact]
    public void Problem_0_is_for_malformed_records_alone() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new CsvColumn("a", "A", 0, ColumnType.BigInt) { Check = 0 });

    [Theory]
    [InlineData("cut in the middle")]
    [InlineData("cut at the end")]
    [InlineData("damaged")]
    [InlineData("none")]
    [InlineData("zeros after it")]
    [InlineData("text after it")]
    public void Incomplete_gzip_is_an_error(string kind)
    {
        byte[] whole = Compress(Encoding.UTF8.GetBytes("n\n" + string.Concat(Enumerable.Range(0, 20_000).Select(n => $"{n * 7919L % 10_007}\n"))));
        byte[] damaged = [.. whole];
        damaged[^6] ^= 0x55;
        File.WriteAllBytes(_folder["x.csv.gz"], kind switch
        {
            "cut in the middle" => whole[..(whole.Length / 2)],
            "cut at the end" => whole[..^4],
            "damaged" => damaged,
            "zeros after it" => [.. whole, .. new byte[512]],
            "text after it" => [.. whole, .. "more"u8],
            _ => [.. "n\n1\n"u8],
        });
        var request = new CsvRequest(1, false, [new CsvColumn("n", "n", 0, ColumnType.BigInt)]);
        OneRecException refused = Assert.Throws<OneRecException>(
            () => Read(request, [new CsvFile(_folder["x.csv.gz"], [])], 2).ToList());
        Assert.Equal($"{_folder["x.csv.gz"]} is a truncated or corrupt gzip file; copy it again or rewrite it", refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
    }

    [Fact]
    public void Gzip_of_several_members_is_complete()
    {
        File.WriteAllBytes(_folder["x.csv.gz"], [.. Compress("n\n1\n2"u8.ToArray()), .. Compress("3\n4\n"u8.ToArray())]);
        var request = new CsvRequest(1, false, [new CsvColumn("n", "n", 0, ColumnType.BigInt)]);
        Assert.Equal(["1|||||", "23|||||", "4|||||"], Rows(request, [new CsvFile(_folder["x.csv.gz"], [])], 2));
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<RecordBatch> Read(CsvRequest request, IReadOnlyList<CsvFile> files, int threads) =>
        new CsvBatches(request, files, threads, CancellationToken.None).Read();

    private static List<string> Rows(CsvRequest request, IReadOnlyList<CsvFile> files, int threads)
    {
        var rows = new List<string>();
        foreach (RecordBatch batch in Read(request, files, threads))
        {
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(
                i => string.Join('|', batch.Arrays.Select(a => Text(a, i)))));
            batch.Dispose();
        }

        return rows;
    }

    private static string? Text(IArrowArray array, int i) => array switch
    {
        Int64Array a => a.GetValue(i)?.ToString(),
        DoubleArray a => a.GetValue(i)?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        BooleanArray a => a.GetValue(i)?.ToString(),
        Date32Array a => a.GetValue(i)?.ToString(),
        TimestampArray a => a.GetValue(i)?.ToString(),
        StringArray a => a.IsNull(i) ? null : a.GetString(i),
        _ => throw new ArgumentException(array.GetType().Name),
    };

    private static byte[] Compress(byte[] bytes)
    {
        using var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return to.ToArray();
    }

    private void Pack(string name, byte[] bytes) =>
        File.WriteAllBytes(_folder[name], name.EndsWith(".gz", StringComparison.Ordinal) ? Compress(bytes) : bytes);

    private string Write(string text)
    {
        File.WriteAllText(_folder["x.csv"], text);
        return _folder["x.csv"];
    }
}
