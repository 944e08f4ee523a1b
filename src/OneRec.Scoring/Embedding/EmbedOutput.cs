using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Scoring.Embedding;

/// <summary>The output of <see cref="EmbedKernel"/>: its columns and how batches are built.</summary>
public static class EmbedOutput
{
    /// <summary>
    /// <c>item_id</c>, <c>content_hash</c>, <c>embedding</c> (null if there is a problem), <c>blocks_missing</c> (a bit for
    /// each block without data, which is zero; bit 0 is the first block) and <c>problem</c> (null if there is none).
    /// </summary>
    /// <param name="id">The type of <c>item_id</c>: int64 or string.</param>
    public static Schema Schema(IArrowType id) => new(
        [
            new Field("item_id", id, nullable: false),
            new Field("content_hash", StringType.Default, nullable: false),
            new Field("embedding", new ListType(new Field("element", FloatType.Default, nullable: false)), nullable: true),
            new Field("blocks_missing", Int32Type.Default, nullable: false),
            new Field("problem", StringType.Default, nullable: true),
        ],
        null);

    /// <summary>Builds a batch of the rows from <paramref name="start"/> on; copies everything, so that it outlives its input.</summary>
    internal static RecordBatch Build(EmbedBatch input, int start, float[] vectors, int d, EmbedRow[] rows, int count)
    {
        var ids = CopyIds(input.Ids, start, count);
        var hashes = new StringArray.Builder();
        var offsets = new ArrowBuffer.Builder<int>(count + 1);
        var valid = new ArrowBuffer.BitmapBuilder(count);
        var floats = new ArrowBuffer.Builder<float>(count * d);
        var missing = new Int32Array.Builder();
        var problems = new StringArray.Builder();
        offsets.Append(0);
        int nulls = 0;
        for (int i = 0; i < count; i++)
        {
            hashes.Append(input.Hashes.GetString(start + i));
            bool good = rows[i].Problem is null;
            if (good)
            {
                floats.Append(vectors.AsSpan(i * d, d));
            }
            else
            {
                nulls++;
            }

            valid.Append(good);
            offsets.Append(floats.Length);
            missing.Append(rows[i].BlocksMissing);
            problems.Append(rows[i].Problem);
        }

        Schema schema = Schema(ids.Data.DataType);
        var values = new FloatArray(floats.Build(), ArrowBuffer.Empty, floats.Length, 0, 0);
        var embedding = new ListArray(
            schema.FieldsList[2].DataType, count, offsets.Build(), values, nulls == 0 ? ArrowBuffer.Empty : valid.Build(), nulls);
        return new RecordBatch(schema, [ids, hashes.Build(), embedding, missing.Build(), problems.Build()], count);
    }

    /// <summary>Copies ids, so that they outlive their batch.</summary>
    internal static IArrowArray CopyIds(IArrowArray ids, int start, int count)
    {
        switch (ids)
        {
            case Int64Array whole:
                return new Int64Array.Builder().Append(whole.Values.Slice(start, count)).Build();
            case StringArray text:
                var copy = new StringArray.Builder();
                for (int i = 0; i < count; i++)
                {
                    copy.Append(text.GetString(start + i));
                }

                return copy.Build();
            default:
                throw new ArgumentException($"embed: item_id is {ids.Data.DataType.Name}, neither int64 nor string", nameof(ids));
        }
    }
}
