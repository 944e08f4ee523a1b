using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Sampling;

/// <summary>
/// Writes the token vectors as one Parquet file in id order: <c>item_id</c> long, <c>tokens</c> binary (float16),
/// <c>n_tokens</c> int and <c>dim</c> int. It is not compressed, since vectors barely compress.
/// </summary>
/// <remarks>Memory use is two row groups: the values, and the library's pages of them.</remarks>
internal static class SampleHalfTokens
{
    /// <summary>Bytes of vectors per row group.</summary>
    private const long GroupBytes = 16 << 20;

    /// <summary>Bytes per page, which a reader holds as a whole; a single row if it is larger.</summary>
    private const long PageBytes = 1 << 20;

    private static readonly Schema Columns = new(
        [
            new Field("item_id", Int64Type.Default, nullable: false),
            new Field("tokens", BinaryType.Default, nullable: false),
            new Field(VectorFiles.CountColumn, Int32Type.Default, nullable: false),
            new Field(VectorFiles.LengthColumn, Int32Type.Default, nullable: false),
        ],
        null);

    /// <summary>Writes the file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">The options, with number and size of the vectors.</param>
    /// <param name="world">The world, which generates the vectors.</param>
    /// <param name="progress">Called with the number of items so far after each row group.</param>
    public static void Write(string path, SampleOptions options, SampleWorld world, Action<long> progress)
    {
        int values = options.Tokens * options.Dimensions;
        int width = values * sizeof(ushort);
        int group = (int)Math.Min(Math.Clamp(GroupBytes / width, 1, 65_536), options.Items);
        using WriterProperties properties = new WriterPropertiesBuilder()
            .Compression(Compression.Uncompressed)
            .DisableDictionary()
            .DataPagesize(PageBytes)
            .WriteBatchSize(Math.Clamp(PageBytes / width, 1, 1024))
            .DisableStatistics("tokens")
            .Build();
        using var writer = new FileWriter(path, Columns, properties);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(group * width);
        for (int start = 0; start < options.Items; start += group)
        {
            int count = Math.Min(group, options.Items - start);
            int first = start;
            Parallel.For(
                0,
                count,
                () => new float[values],
                (i, _, floats) =>
                {
                    world.Vectors(first + i, floats);
                    TensorPrimitives.ConvertToHalf(floats, MemoryMarshal.Cast<byte, Half>(bytes.AsSpan(i * width, width)));
                    return floats;
                },
                _ => { });
            using RecordBatch batch = Batch(start, count, bytes, options);
            writer.WriteRecordBatch(batch, count);
            progress(start + count);
        }

        writer.Close();
    }

    private static RecordBatch Batch(int start, int count, byte[] bytes, SampleOptions options)
    {
        int width = options.Tokens * options.Dimensions * sizeof(ushort);
        var ids = new Int64Array.Builder().Reserve(count);
        var offsets = new ArrowBuffer.Builder<int>(count + 1).Append(0);
        var tokens = new Int32Array.Builder().Reserve(count);
        var lengths = new Int32Array.Builder().Reserve(count);
        for (int i = 0; i < count; i++)
        {
            ids.Append(start + i + 1L);
            offsets.Append((i + 1) * width);
            tokens.Append(options.Tokens);
            lengths.Append(options.Dimensions);
        }

        var values = new BinaryArray(
            BinaryType.Default, count, offsets.Build(), new ArrowBuffer(bytes.AsMemory(0, count * width)), ArrowBuffer.Empty, 0);
        return new RecordBatch(Columns, [ids.Build(), values, tokens.Build(), lengths.Build()], count);
    }
}
