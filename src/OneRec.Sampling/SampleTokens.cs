using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Sampling;

/// <summary>
/// Writes the token vectors as one Parquet file in id order: <c>item_id</c> long, <c>tokens</c> array of arrays of
/// float.
/// </summary>
internal static class SampleTokens
{
    /// <summary>Bytes of vectors per row group; bounds the memory of writer and readers.</summary>
    private const long GroupBytes = 16 << 20;

    private static readonly Schema Columns = new(
        [
            new Field("item_id", Int64Type.Default, nullable: false),
            new Field("tokens", ArrowTypes.ListOf(ArrowTypes.ListOf(FloatType.Default)), nullable: false),
        ],
        null);

    /// <summary>Writes the file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">The options, with number and size of the vectors.</param>
    /// <param name="world">The world, which generates the vectors.</param>
    /// <param name="progress">Called with the number of items so far after each row group.</param>
    public static void Write(string path, SampleOptions options, SampleWorld world, Action<long> progress)
    {
        int width = options.Tokens * options.Dimensions;
        int group = (int)Math.Clamp(GroupBytes / (sizeof(float) * (long)width), 1, 65_536);
        using var properties = new WriterPropertiesBuilder()
            .Compression(Compression.Snappy)
            .DisableDictionary()
            .Build();
        using var writer = new FileWriter(path, Columns, properties);
        for (int start = 0; start < options.Items; start += group)
        {
            int count = Math.Min(group, options.Items - start);
            var floats = new float[(long)count * width];
            Parallel.For(0, count, i => world.Vectors(start + i, floats.AsSpan(i * width, width)));
            using RecordBatch batch = Batch(start, count, floats, options);
            writer.WriteRecordBatch(batch, count);
            progress(start + count);
        }

        writer.Close();
    }

    private static RecordBatch Batch(int start, int count, float[] floats, SampleOptions options)
    {
        var ids = new Int64Array.Builder().Reserve(count);
        for (int i = 0; i < count; i++)
        {
            ids.Append(start + i + 1L);
        }

        var vectors = (ListType)((ListType)Columns.FieldsList[1].DataType).ValueDataType;
        var values = new FloatArray(new ArrowBuffer.Builder<float>(floats.Length).Append(floats).Build(), ArrowBuffer.Empty, floats.Length, 0, 0);
        ListArray inner = Lists(vectors, count * options.Tokens, options.Dimensions, values);
        ListArray outer = Lists((ListType)Columns.FieldsList[1].DataType, count, options.Tokens, inner);
        return new RecordBatch(Columns, [ids.Build(), outer], count);
    }

    private static ListArray Lists(ListType type, int count, int length, IArrowArray values)
    {
        var offsets = new ArrowBuffer.Builder<int>(count + 1);
        for (int i = 0; i <= count; i++)
        {
            offsets.Append(i * length);
        }

        return new ListArray(type, count, offsets.Build(), values, ArrowBuffer.Empty, 0);
    }
}
