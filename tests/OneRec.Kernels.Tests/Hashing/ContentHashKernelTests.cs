using System.Security.Cryptography;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using CsCheck;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Hashing;

namespace OneRec.Kernels.Tests.Hashing;

public class ContentHashKernelTests
{
    private static readonly string[] Fields = ["title", "caption", "tags", "asr", "ocr", "tokens_version", "images_version"];

    private static readonly KernelRegistry Registry = OneRecKernels.Register(new KernelRegistry());

    [Fact]
    public void Known_row_has_the_hash_that_sha256sum_gives()
    {
        // python3: sha256(pack('<q',1)+b'a' + pack('<q',-1)*3 + pack('<q',0) + pack('<q',2)+'é'.encode() + pack('<q',-1))
        string?[] row = ["a", null, null, null, "", "é", null];
        Assert.Equal(["53033a4478bb1dc3760914774889ad1a09b745156a0875e3b98b25ef2e072daf"], Hashes([Batch([row])]));
    }

    [Fact]
    public void Hash_equals_an_independent_encoder() => Row.Array[0, 20].Sample(rows =>
        Assert.Equal(rows.Select(Oracle), Hashes([Batch(rows)])), iter: 300);

    [Fact]
    public void Hash_does_not_depend_on_how_rows_are_cut_into_batches() => Row.Array[1, 20].Sample(rows =>
        Assert.Equal(Hashes([Batch(rows)]), Hashes([.. rows.Select(r => Batch([r]))])), iter: 50);

    [Fact]
    public void Slice_of_a_batch_hashes_like_its_rows()
    {
        string?[][] rows = [["a", null, "b", "", "c", null, "1"], ["x", "", null, "y", null, "2", null], ["", "", "", "", "", "", ""]];
        RecordBatch slice = Batch(rows).Slice(1, 2);
        Assert.Equal(rows.Skip(1).Select(Oracle), Hashes([slice]));
        RecordBatch output = Registry.Create(ContentHashKernel.Call(Int64Type.Default)).Run([slice], new KernelContext()).Single();
        Assert.Equal([1, 2], ((Int64Array)output.Column(0)).ToArray());
        Assert.Equal(rows.Skip(1).Select(r => r[0]), Enumerable.Range(0, 2).Select(i => ((StringArray)output.Column(1)).GetString(i)));
    }

    [Fact]
    public void Null_and_empty_and_shifted_text_all_differ()
    {
        string?[][] rows =
        [
            ["ab", "c", "", "", "", "", ""], ["a", "bc", "", "", "", "", ""], [null, "abc", "", "", "", "", ""],
            ["", "abc", "", "", "", "", ""], ["ab", "c", null, "", "", "", ""], ["ab", "c", "", "", "", "", null],
        ];
        Assert.Equal(rows.Length, Hashes([Batch(rows)]).Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Id_and_texts_pass_unchanged_and_outlive_the_input(bool stringId)
    {
        string?[][] rows = [["t1", null, "x, y", "", "o", null, "1"], [null, "c", null, "a", null, "2", null]];
        KernelCall call = ContentHashKernel.Call(stringId ? StringType.Default : Int64Type.Default);
        List<RecordBatch> output = [];
        RecordBatch input = FromStream(Batch(rows, stringId));
        foreach (RecordBatch batch in Registry.Create(call).Run([input], new KernelContext()))
        {
            output.Add(batch);
        }

        input.Dispose();
        RecordBatch only = Assert.Single(output);
        Assert.Equal(call.Output.FieldsList.Select(f => (f.Name, f.DataType.TypeId)), only.Schema.FieldsList.Select(f => (f.Name, f.DataType.TypeId)));
        Assert.Equal(["0", "1"], Enumerable.Range(0, 2).Select(i => stringId
            ? ((StringArray)only.Column(0)).GetString(i)
            : ((Int64Array)only.Column(0)).GetValue(i)!.Value.ToString()));
        for (int f = 0; f < 5; f++)
        {
            Assert.Equal(rows.Select(r => r[f]), Enumerable.Range(0, 2).Select(i => ((StringArray)only.Column(f + 1)).GetString(i)));
        }

        only.Dispose();
    }

    [Fact]
    public void Missing_column_is_named()
    {
        RecordBatch batch = Batch([new string?[7]]);
        var cut = new RecordBatch(new Schema(batch.Schema.FieldsList.Take(7), null), batch.Arrays.Take(7), 1);
        Assert.Equal(
            "content-hash: the input has no column 'images_version'",
            Assert.Throws<ArgumentException>(() => Hashes([cut])).Message);
    }

    [Fact]
    public void Id_of_another_type_is_refused()
    {
        RecordBatch batch = Batch([new string?[7]]);
        var other = new RecordBatch(
            new Schema([new Field("item_id", DoubleType.Default, true), .. batch.Schema.FieldsList.Skip(1)], null),
            [new DoubleArray.Builder().Append(1).Build(), .. batch.Arrays.Skip(1)],
            1);
        Assert.Equal(
            "content-hash: item_id is double, not int64 or string",
            Assert.Throws<ArgumentException>(() => Hashes([other])).Message);
    }

    [Fact]
    public void Parameter_is_refused() => Assert.StartsWith(
        "content-hash has no parameter 'x'",
        Assert.Throws<ArgumentException>(() => ContentHashKernel.Create(new() { ["x"] = 1 })).Message,
        StringComparison.Ordinal);

    private static readonly Gen<string?> Cell = Gen.Frequency(
        (1, Gen.Const((string?)null)),
        (4, Gen.OneOf<string>("a", "é", "𝄞", "\0", "\n", "\"", ",").Array[0, 6].Select(parts => (string?)string.Concat(parts))));

    private static readonly Gen<string?[]> Row = Cell.Array[7];

    // As a worker reads it: a batch of builders would outlive anything.
    private static RecordBatch FromStream(RecordBatch batch)
    {
        var bytes = new MemoryStream();
        using (var writer = new ArrowStreamWriter(bytes, batch.Schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        bytes.Position = 0;
        return new ArrowStreamReader(bytes, CollectedMemory.Instance, leaveOpen: false).ReadNextRecordBatch();
    }

    private static string Oracle(string?[] row)
    {
        using var bytes = new MemoryStream();
        foreach (string? field in row)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(field ?? "");
            long length = field is null ? -1 : utf8.Length;
            for (int shift = 0; shift < 64; shift += 8)
            {
                bytes.WriteByte((byte)(length >> shift));
            }

            bytes.Write(utf8);
        }

        return string.Concat(SHA256.HashData(bytes.ToArray()).Select(b => b.ToString("x2")));
    }

    private static List<string> Hashes(IReadOnlyList<RecordBatch> batches) =>
        [.. Registry.Create(ContentHashKernel.Call(Int64Type.Default))
            .Run(batches, new KernelContext())
            .SelectMany(b => Enumerable.Range(0, b.Length).Select(i => ((StringArray)b.Column(6)).GetString(i)))];

    private static RecordBatch Batch(string?[][] rows, bool stringId = false)
    {
        IArrowArray id = stringId
            ? new StringArray.Builder().AppendRange(rows.Select((_, i) => i.ToString())).Build()
            : new Int64Array.Builder().AppendRange(rows.Select((_, i) => (long)i)).Build();
        IEnumerable<IArrowArray> texts = Fields.Select((_, f) =>
        {
            var builder = new StringArray.Builder();
            foreach (string?[] row in rows)
            {
                builder.Append(row[f]);
            }

            return (IArrowArray)builder.Build();
        });
        return new RecordBatch(
            new Schema([new Field("item_id", id.Data.DataType, false), .. Fields.Select(f => new Field(f, StringType.Default, true))], null),
            [id, .. texts],
            rows.Length);
    }
}
