using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Sampling;

/// <summary>
/// Writes the covers of the first items as one Parquet file in id order: <c>item_id</c> long, <c>position</c> int (0:
/// the cover), <c>image</c> binary (PNG).
/// </summary>
internal static class SampleCovers
{
    private const int Group = 4_096;

    private static readonly Schema Columns = new(
        [
            new Field("item_id", Int64Type.Default, nullable: false),
            new Field("position", Int32Type.Default, nullable: false),
            new Field("image", BinaryType.Default, nullable: false),
        ],
        null);

    /// <summary>Writes the file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">The options, with the number of covers.</param>
    /// <param name="world">The world, for the subtopics.</param>
    /// <param name="progress">Called with the number of covers so far after each row group.</param>
    public static void Write(string path, SampleOptions options, SampleWorld world, Action<long> progress)
    {
        using var properties = new WriterPropertiesBuilder().Compression(Compression.Snappy).DisableDictionary().Build();
        using var writer = new FileWriter(path, Columns, properties);
        for (int start = 0; start < options.Covers; start += Group)
        {
            int count = Math.Min(Group, options.Covers - start);
            var images = new byte[count][];
            int first = start;
            Parallel.For(0, count, i => images[i] = SampleCover.Draw(options.Seed, first + i, world.GroupOf(first + i), world.TintOf(first + i)));
            var ids = new Int64Array.Builder().Reserve(count);
            var positions = new Int32Array.Builder().Reserve(count);
            var bytes = new BinaryArray.Builder().Reserve(count);
            for (int i = 0; i < count; i++)
            {
                ids.Append(start + i + 1L);
                positions.Append(0);
                bytes.Append(images[i].AsSpan());
            }

            using var batch = new RecordBatch(Columns, [ids.Build(), positions.Build(), bytes.Build()], count);
            writer.WriteRecordBatch(batch, count);
            progress(start + count);
        }

        writer.Close();
    }
}
