using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Scoring.Tests.Embedding;

/// <summary>Batches of token vectors of float16, as the engines give them.</summary>
internal static class TokenBatch
{
    /// <summary>Bytes with their two numbers; ids count from 1.</summary>
    public static RecordBatch Bytes(params (byte[]? Tokens, long? Count, long? Length)[] rows)
    {
        var bytes = new BinaryArray.Builder();
        var counts = new Int64Array.Builder();
        var lengths = new Int64Array.Builder();
        foreach ((byte[]? tokens, long? count, long? length) in rows)
        {
            _ = tokens is null ? bytes.AppendNull() : bytes.Append(tokens.AsSpan());
            counts.Append(count);
            lengths.Append(length);
        }

        return Batch(rows.Length, ("tokens", bytes.Build()), ("n_tokens", counts.Build()), ("dim", lengths.Build()));
    }

    /// <summary>Lists of lists of float16; ids count from 1.</summary>
    public static RecordBatch Lists(params Half[][][] rows)
    {
        Half[][] vectors = [.. rows.SelectMany(r => r)];
        Half[] values = [.. vectors.SelectMany(v => v)];
        var array = new HalfFloatArray(new ArrowBuffer.Builder<Half>().Append(values).Build(), ArrowBuffer.Empty, values.Length, 0, 0);
        return Batch(rows.Length, ("tokens", Lists(rows.Select(r => r.Length), Lists(vectors.Select(v => v.Length), array))));
    }

    /// <summary>The bytes of values.</summary>
    public static byte[] Of(params Half[] values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static ListArray Lists(IEnumerable<int> lengths, IArrowArray values)
    {
        var offsets = new ArrowBuffer.Builder<int>().Append(0);
        int end = 0;
        foreach (int length in lengths)
        {
            offsets.Append(end += length);
        }

        var type = new ListType(new Field("element", values.Data.DataType, nullable: false));
        return new ListArray(type, offsets.Length - 1, offsets.Build(), values, ArrowBuffer.Empty, 0);
    }

    private static RecordBatch Batch(int count, params (string Name, IArrowArray Column)[] columns)
    {
        var ids = new Int64Array.Builder();
        var hashes = new StringArray.Builder();
        for (int i = 1; i <= count; i++)
        {
            ids.Append(i);
            hashes.Append($"hash-{i}");
        }

        (string Name, IArrowArray Column)[] all = [("item_id", ids.Build()), ("content_hash", hashes.Build()), .. columns];
        var schema = new Schema([.. all.Select(c => new Field(c.Name, c.Column.Data.DataType, nullable: true))], null);
        return new RecordBatch(schema, all.Select(c => c.Column), count);
    }
}
