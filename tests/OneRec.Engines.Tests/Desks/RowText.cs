using System.Globalization;
using Apache.Arrow;
using OneRec.Engine;
using OneRec.Engine.Relations;

namespace OneRec.Engines.Tests.Desks;

/// <summary>Rows as texts that are equal where the rows are, bit for bit.</summary>
public static class RowText
{
    /// <summary>A relation's rows in the order they come.</summary>
    public static List<string> Rows(this IEngine engine, IRelation relation)
    {
        List<string> rows = [];
        foreach (RecordBatch batch in engine.Collect(relation))
        {
            using (batch)
            {
                for (int i = 0; i < batch.Length; i++)
                {
                    rows.Add(string.Join(" | ", batch.Arrays.Select(a => Cell(a, i))));
                }
            }
        }

        return rows;
    }

    /// <summary>A relation's rows as a sorted list: rows have no order unless a test says so.</summary>
    public static List<string> SortedRows(this IEngine engine, IRelation relation)
    {
        List<string> rows = engine.Rows(relation);
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    public static string Text(string? value) => value is null
        ? "null"
        : $"'{value.Replace("\\", "\\\\").Replace("\r", "\\r").Replace("\n", "\\n").Replace("|", "\\|")}'";

    private static string Cell(IArrowArray array, int i) => array.IsNull(i) ? "null" : array switch
    {
        StringArray a => Text(a.GetString(i)),
        Int8Array a => a.GetValue(i).ToString()!,
        Int16Array a => a.GetValue(i).ToString()!,
        Int32Array a => a.GetValue(i).ToString()!,
        Int64Array a => a.GetValue(i).ToString()!,
        BooleanArray a => a.GetValue(i).ToString()!,
        FloatArray a => "f" + BitConverter.SingleToInt32Bits(a.GetValue(i)!.Value).ToString("x8", CultureInfo.InvariantCulture),
        DoubleArray a => "d" + BitConverter.DoubleToInt64Bits(a.GetValue(i)!.Value).ToString("x16", CultureInfo.InvariantCulture),
        BinaryArray a => "x" + Convert.ToHexStringLower(a.GetBytes(i)),
        Date32Array a => a.GetDateTime(i)!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimestampArray a => a.GetTimestamp(i)!.Value.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        ListArray a => List(a.GetSlicedValues(i)),
        StructArray a => "{" + string.Join(", ", a.Fields.Select(f => Cell(f, i))) + "}",
        _ => throw new NotSupportedException(array.Data.DataType.Name),
    };

    private static string List(IArrowArray values) =>
        "[" + string.Join(", ", Enumerable.Range(0, values.Length).Select(j => Cell(values, j))) + "]";
}
