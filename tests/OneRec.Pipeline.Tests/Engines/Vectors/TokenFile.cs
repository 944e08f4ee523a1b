using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Pipeline.Tests.Engines.Vectors;

/// <summary>Writes sources of vectors as other programs would.</summary>
internal static class TokenFile
{
    /// <summary>Binary <c>tokens</c>, <c>n_tokens</c>, <c>dim</c>; a page a row.</summary>
    public static string Bytes(string path, IEnumerable<TokenRow> rows, int groupRows = 1_000, bool narrow = false)
    {
        TokenRow[] all = [.. rows];
        var bytes = new BinaryArray.Builder();
        foreach (TokenRow row in all)
        {
            _ = row.Tokens is null ? bytes.AppendNull() : bytes.Append(row.Tokens.AsSpan());
        }

        return Write(
            path,
            groupRows,
            ("item_id", Ids(all.Select(r => r.Id))),
            ("tokens", bytes.Build()),
            ("n_tokens", Numbers(all.Select(r => r.Count), narrow)),
            ("dim", Numbers(all.Select(r => r.Length), narrow)));
    }

    /// <summary><c>tokens</c> as lists of lists of float, or of float16.</summary>
    public static string Lists(string path, IReadOnlyList<(object? Id, float?[]?[]? Vectors)> rows, bool half, int groupRows = 1_000) =>
        Write(path, groupRows, ("item_id", Ids(rows.Select(r => r.Id))), ("tokens", Nested([.. rows.Select(r => r.Vectors)], half)));

    /// <summary><c>embedding</c> as lists of float, or of float16.</summary>
    public static string Embeddings(string path, IReadOnlyList<(object? Id, float?[]? Vector)> rows, bool half, int groupRows = 1_000) =>
        Write(path, groupRows, ("item_id", Ids(rows.Select(r => r.Id))), ("embedding", Flat([.. rows.Select(r => r.Vector)], half)));

    /// <summary>Any columns.</summary>
    public static string Write(string path, int groupRows, params (string Name, IArrowArray Column)[] columns)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var schema = new Schema([.. columns.Select(c => new Field(c.Name, c.Column.Data.DataType, nullable: true))], null);
        using WriterProperties properties = new WriterPropertiesBuilder()
            .Compression(Compression.Snappy).WriteBatchSize(1).DataPagesize(1_000).Build();
        using var writer = new FileWriter(path, schema, properties);

        // Not disposed: a test may write its columns again.
        var batch = new RecordBatch(schema, columns.Select(c => c.Column), columns[0].Column.Length);
        writer.WriteRecordBatch(batch, groupRows);
        writer.Close();
        return path;
    }

    /// <summary>Ids as long or string, by the first that is not null.</summary>
    public static IArrowArray Ids(IEnumerable<object?> ids)
    {
        object?[] all = [.. ids];
        if (all.OfType<string>().Any())
        {
            var texts = new StringArray.Builder();
            foreach (object? id in all)
            {
                texts.Append((string?)id);
            }

            return texts.Build();
        }

        return Numbers(all.Select(id => id is null ? (long?)null : Convert.ToInt64(id)), narrow: false);
    }

    /// <summary>Numbers as long, or as int.</summary>
    public static IArrowArray Numbers(IEnumerable<long?> values, bool narrow)
    {
        var wide = new Int64Array.Builder();
        var small = new Int32Array.Builder();
        foreach (long? value in values)
        {
            if (narrow)
            {
                small.Append((int?)value);
            }
            else
            {
                wide.Append(value);
            }
        }

        return narrow ? small.Build() : wide.Build();
    }

    private static IArrowArray Nested(float?[]?[]?[] rows, bool half)
    {
        IArrowArray vectors = Flat([.. rows.SelectMany(r => r ?? [])], half);
        return Lists([.. rows.Select(r => r?.Length)], vectors);
    }

    private static IArrowArray Flat(float?[]?[] vectors, bool half)
    {
        float?[] values = [.. vectors.SelectMany(v => v ?? [])];
        ArrowBuffer valid = Valid([.. values.Select(v => v is not null)]);
        int nulls = values.Count(v => v is null);
        IArrowArray array = half
            ? new HalfFloatArray(Buffer(values.Select(v => (Half)(v ?? 0))), valid, values.Length, nulls, 0)
            : new FloatArray(Buffer(values.Select(v => v ?? 0)), valid, values.Length, nulls, 0);
        return Lists([.. vectors.Select(v => v?.Length)], array);
    }

    private static ListArray Lists(int?[] lengths, IArrowArray values)
    {
        var offsets = new ArrowBuffer.Builder<int>().Append(0);
        int end = 0;
        foreach (int? length in lengths)
        {
            offsets.Append(end += length ?? 0);
        }

        var type = new ListType(new Field("element", values.Data.DataType, nullable: true));
        ArrowBuffer valid = Valid([.. lengths.Select(l => l is not null)]);
        return new ListArray(type, lengths.Length, offsets.Build(), values, valid, lengths.Count(l => l is null));
    }

    private static ArrowBuffer Buffer<T>(IEnumerable<T> values)
        where T : struct => new ArrowBuffer.Builder<T>().AppendRange(values).Build();

    private static ArrowBuffer Valid(bool[] valid)
    {
        var bits = new ArrowBuffer.BitmapBuilder();
        foreach (bool bit in valid)
        {
            bits.Append(bit);
        }

        return bits.Build();
    }
}
