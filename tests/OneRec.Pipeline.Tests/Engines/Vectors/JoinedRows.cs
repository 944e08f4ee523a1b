using Apache.Arrow;

namespace OneRec.Pipeline.Tests.Engines.Vectors;

/// <summary>What a join gave, as texts that are equal where the values are.</summary>
internal static class JoinedRows
{
    /// <summary>The rows in their order: id, then the attached columns; the batches are disposed.</summary>
    public static List<string> Read(IEnumerable<RecordBatch> batches, params string[] columns)
    {
        var rows = new List<string>();
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                IArrowArray[] shown = [.. columns.Prepend("item_id").Select(c => batch.Column(c))];
                for (int row = 0; row < batch.Length; row++)
                {
                    rows.Add(string.Join(' ', shown.Select(c => Text(c, row))));
                }
            }
        }

        return rows;
    }

    /// <summary>A list of lists as <see cref="Read"/> shows it.</summary>
    public static string Text(float?[]?[]? vectors) => vectors is null
        ? "null"
        : $"[{string.Join(',', vectors.Select(Text))}]";

    /// <summary>A list as <see cref="Read"/> shows it.</summary>
    public static string Text(float?[]? vector) => vector is null
        ? "null"
        : $"[{string.Join(',', vector.Select(v => v is null ? "null" : $"{v}"))}]";

    private static string Text(IArrowArray column, int row) => column.IsNull(row) ? "null" : column switch
    {
        Int64Array numbers => $"{numbers.GetValue(row)}",
        BinaryArray bytes when column is not StringArray => Convert.ToHexStringLower(bytes.GetBytes(row)),
        StringArray texts => texts.GetString(row),
        FloatArray floats => $"{floats.GetValue(row)}",
        HalfFloatArray halves => $"{(float)halves.GetValue(row)!.Value}",
        ListArray list => $"[{string.Join(',', Enumerable.Range(list.ValueOffsets[row], list.GetValueLength(row)).Select(i => Text(list.Values, i)))}]",
        _ => throw new NotSupportedException(column.Data.DataType.Name),
    };
}
