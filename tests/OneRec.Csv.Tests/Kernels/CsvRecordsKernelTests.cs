using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Csv.Columns;
using OneRec.Csv.Files;
using OneRec.Csv.Kernels;
using OneRec.Csv.Records;
using OneRec.Csv.Types;
using OneRec.Kernels.Batches;
using OneRec.Testing;

namespace OneRec.Csv.Tests.Kernels;

/// <summary>Compares the kernel on lines as Spark splits them with the files read directly.</summary>
public sealed class CsvRecordsKernelTests : IDisposable
{
    private static readonly string[] Texts =
    [
        "\uFEFFid,title\r\n1,a\r\n\r\nx,\"b\"\r\n3,\"c\nd\"\r\n4,5\" e\r\n,f\r\n6,\"g\n7\"h,i\nj\rk,l\n8,é\n",
        "id,title\n\"9\",\"\n\n\"\n10,x,y\n11,\"z",
    ];

    private readonly ScratchFolder _folder = new();

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    [InlineData(true, 2)]
    public void Rows_are_those_of_the_files(bool multiLine, int batchRows)
    {
        var request = new CsvRequest(
            2,
            multiLine,
            [
                new CsvColumn("id", "id", 0, ColumnType.BigInt) { Required = "ids", Check = 1 },
                new CsvColumn("title", "title", 1, ColumnType.Text),
                new CsvColumn("day", "day", 2, ColumnType.Date),
            ]);
        string[] days = ["2024-01-31", "2024-02-01"];
        CsvFile[] files = [.. Texts.Select((text, n) =>
        {
            File.WriteAllText(_folder[$"{n}.csv"], text);
            return new CsvFile(_folder[$"{n}.csv"], [days[n]]);
        })];
        List<string> expected = Rows(new CsvBatches(request, files, 1, CancellationToken.None).Read());
        var kernel = new CsvRecordsKernel(CsvRecordsKernel.Call(request).Parameters);
        List<string> got = Rows(kernel.Run(Lines(days, batchRows, block: 0), new KernelContext()));
        Assert.Equal(expected, got);
        Assert.Contains(expected, r => r.Contains("after a closing quote", StringComparison.Ordinal) == multiLine && r.Contains("has ", StringComparison.Ordinal));
    }

    public static TheoryData<string, CsvRequest, byte[]> Forms => new()
    {
        {
            "x.dat",
            Request() with { Separator = "::", Unquoted = true, Headerless = true },
            System.Text.Encoding.UTF8.GetBytes("1::\"a\r\n\nx::b\n2\n3::é\n")
        },
        {
            "x.csv",
            Request() with { Encoding = TextEncoding.Windows1252 },
            System.Text.Encoding.Latin1.GetBytes("id,title\n1,Amélie\n2,\"Ñ, ü\"\n3\n")
        },
        {
            "x.jsonl",
            Request() with { JsonPaths = [["id"], ["about", "title"]] },
            System.Text.Encoding.UTF8.GetBytes("{\"id\":1,\"about\":{\"title\":\"é\"}}\n\n{\"id\":\"x\"}\r\n{broken\n{\"about\":{\"title\":[1,\"b\"]},\"id\":4}\n")
        },
    };

    [Theory]
    [MemberData(nameof(Forms), DisableDiscoveryEnumeration = true)]
    public void Rows_of_other_forms_are_those_of_the_files(string name, CsvRequest request, byte[] text)
    {
        File.WriteAllBytes(_folder[name], text);
        List<string> expected = Rows(
            new CsvBatches(request, [new CsvFile(_folder[name], []) { Encoding = request.Encoding }], 1, CancellationToken.None).Read());
        var schema = new Schema(
            [new Field("line", BinaryType.Default, true), new Field("file", Int64Type.Default, false), new Field("block", Int64Type.Default, false)],
            null);
        var lines = new BinaryArray.Builder();
        int count = 0;
        foreach (byte[] line in Split(text))
        {
            lines.Append(line.AsSpan());
            count++;
        }

        var zeros = new Int64Array.Builder().AppendRange(new long[count]).Build();
        var batch = new RecordBatch(schema, [lines.Build(), zeros, zeros], count);
        Assert.Equal(expected, Rows(new CsvRecordsKernel(request.ToJson()).Run([batch], new KernelContext())));
        Assert.Contains(expected, r => r.Contains('é'));
        Assert.Contains(expected, r => r.Contains('3') || r.Contains("not JSON", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_of_a_later_part_are_numbered_from_its_start_and_have_no_header()
    {
        var request = new CsvRequest(1, false, [new CsvColumn("id", "id", 0, ColumnType.BigInt) { Check = 1 }]);
        var schema = new Schema(
            [new Field("line", BinaryType.Default, true), new Field("file", Int64Type.Default, false), new Field("block", Int64Type.Default, false)],
            null);
        (string Line, long File, long Block)[] lines = [("id", 7, 0), ("1", 7, 0), ("x", 7, 0), ("2", 7, 100), ("y", 7, 100), ("id", 8, 0), ("z", 8, 0)];
        var batch = new RecordBatch(
            schema,
            [
                Binary(lines.Select(l => l.Line)),
                new Int64Array.Builder().AppendRange(lines.Select(l => l.File)).Build(),
                new Int64Array.Builder().AppendRange(lines.Select(l => l.Block)).Build(),
            ],
            lines.Length);
        List<string> rows = Rows(new CsvRecordsKernel(request.ToJson()).Run([batch], new KernelContext()));
        const string Problem = "column 'id' has '{0}', which is not a BIGINT; fix the row or set input.types.id";
        Assert.Equal(
            [
                "1||||||", $"||{string.Format(Problem, "x")}|7|0|2|x", "2||||||", $"||{string.Format(Problem, "y")}|7|100|2|y",
                $"||{string.Format(Problem, "z")}|8|0|1|z",
            ],
            rows);
    }

    public void Dispose() => _folder.Dispose();

    private static CsvRequest Request() => new(
        2,
        false,
        [
            new CsvColumn("id", "id", 0, ColumnType.BigInt) { Required = "ids", Check = 1 },
            new CsvColumn("title", "title", 1, ColumnType.Text),
        ]);

    private static IEnumerable<byte[]> Split(byte[] text)
    {
        byte[] left = text;
        while (left.AsSpan().IndexOf((byte)'\n') is >= 0 and int end)
        {
            yield return left[..end];
            left = left[(end + 1)..];
        }
    }

    private static IEnumerable<RecordBatch> Lines(string[] days, int batchRows, long block)
    {
        var schema = new Schema(
            [
                new Field("line", BinaryType.Default, true), new Field("file", Int64Type.Default, false),
                new Field("block", Int64Type.Default, false), new Field("file_value_0", StringType.Default, true),
            ],
            null);
        var lines = Texts.SelectMany((text, n) => text.TrimStart('\uFEFF').TrimEnd('\n').Split('\n').Select(l => (Line: l, File: n)));
        foreach ((string Line, int File)[] chunk in lines.Chunk(batchRows))
        {
            var day = new StringArray.Builder();
            foreach ((string _, int file) in chunk)
            {
                day.Append(days[file]);
            }

            yield return new RecordBatch(
                schema,
                [
                    Binary(chunk.Select(c => c.Line)),
                    new Int64Array.Builder().AppendRange(chunk.Select(c => (long)c.File)).Build(),
                    new Int64Array.Builder().AppendRange(chunk.Select(_ => block)).Build(),
                    day.Build(),
                ],
                chunk.Length);
        }
    }

    private static BinaryArray Binary(IEnumerable<string> lines)
    {
        var builder = new BinaryArray.Builder();
        foreach (string line in lines)
        {
            builder.Append(System.Text.Encoding.UTF8.GetBytes(line).AsSpan());
        }

        return builder.Build();
    }

    private static List<string> Rows(IEnumerable<RecordBatch> batches) => [.. batches.SelectMany(batch =>
        Enumerable.Range(0, batch.Length).Select(i => string.Join('|', batch.Arrays.Select(a => a switch
        {
            Int64Array n => n.GetValue(i)?.ToString(),
            Date32Array d => d.GetValue(i)?.ToString(),
            StringArray s => s.IsNull(i) ? null : s.GetString(i),
            _ => throw new ArgumentException(a.GetType().Name),
        }))))];
}
