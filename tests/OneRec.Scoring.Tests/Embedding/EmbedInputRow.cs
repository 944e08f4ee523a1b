using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Scoring.Tests.Embedding;

/// <summary>One input row of the kernel.</summary>
public sealed record EmbedInputRow(long Id, string? Title, string? Tags = null, float[]?[]? Tokens = null)
{
    /// <summary>The rows as a batch.</summary>
    public static RecordBatch Batch(IReadOnlyList<EmbedInputRow> rows, bool textIds = false)
    {
        var ids = new Int64Array.Builder();
        var texts = new StringArray.Builder();
        var hashes = new StringArray.Builder();
        var titles = new StringArray.Builder();
        var tags = new StringArray.Builder();
        var tokens = new ListArray.Builder(new ListType(new Field("element", FloatType.Default, false)));
        var vectors = (ListArray.Builder)tokens.ValueBuilder;
        var floats = (FloatArray.Builder)vectors.ValueBuilder;
        foreach (EmbedInputRow row in rows)
        {
            ids.Append(row.Id);
            texts.Append($"item-{row.Id}");
            hashes.Append($"hash-{row.Id}");
            titles.Append(row.Title);
            tags.Append(row.Tags);
            if (row.Tokens is null)
            {
                tokens.AppendNull();
                continue;
            }

            tokens.Append();
            foreach (float[]? vector in row.Tokens)
            {
                if (vector is null)
                {
                    vectors.AppendNull();
                }
                else
                {
                    vectors.Append();
                    floats.AppendRange(vector);
                }
            }
        }

        IArrowArray[] columns = [textIds ? texts.Build() : ids.Build(), hashes.Build(), titles.Build(), tags.Build(), tokens.Build()];
        string[] names = ["item_id", "content_hash", "title", "tags", "tokens"];
        return new RecordBatch(new Schema(names.Zip(columns, (n, c) => new Field(n, c.Data.DataType, true)), null), columns, rows.Count);
    }
}
