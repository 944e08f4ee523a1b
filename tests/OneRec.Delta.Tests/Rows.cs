using System.Globalization;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta.Tests;

/// <summary>Rows as text, for comparing: one line a row, columns as JSON-like cells in the schema's order.</summary>
internal static class Rows
{
    /// <summary>A snapshot's rows in the order read; every batch is disposed.</summary>
    public static List<string> Of(Snapshot snapshot, IReadOnlyList<string>? columns = null) => Of(snapshot.Scan(columns));

    public static List<string> Of(IEnumerable<RecordBatch> batches)
    {
        var rows = new List<string>();
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                rows.AddRange(Of(batch));
            }
        }

        return rows;
    }

    public static IEnumerable<string> Of(RecordBatch batch) => Enumerable.Range(0, batch.Length)
        .Select(i => string.Join(" | ", batch.Arrays.Select(a => Cell(a, i))));

    public static List<string> Sorted(this IEnumerable<string> rows) => [.. rows.Order(StringComparer.Ordinal)];

    public static string Cell(IArrowArray array, int i)
    {
        if (array.IsNull(i))
        {
            return "null";
        }

        return array switch
        {
            StringArray a => Quoted(a.GetString(i)),
            BinaryArray a => Quoted(Convert.ToHexStringLower(a.GetBytes(i))),
            BooleanArray a => a.GetValue(i)!.Value ? "true" : "false",
            Int8Array a => Text(a.GetValue(i)),
            Int16Array a => Text(a.GetValue(i)),
            Int32Array a => Text(a.GetValue(i)),
            Int64Array a => Text(a.GetValue(i)),
            FloatArray a => Real(a.GetValue(i)!.Value),
            DoubleArray a => Real(a.GetValue(i)!.Value),
            Date32Array a => Quoted(new DateOnly(1970, 1, 1).AddDays(a.Values[i]).ToString("yyyy-MM-dd")),
            TimestampArray a => Quoted(DateTime.UnixEpoch.AddTicks(a.Values[i] * 10).ToString("yyyy-MM-dd HH:mm:ss.ffffff")),
            Decimal128Array a => Quoted(a.GetString(i)),
            MapArray a => Map(a, i),
            ListArray a => "[" + string.Join(",", Cells(a.GetSlicedValues(i))) + "]",
            StructArray a => "{" + string.Join(",", ((StructType)a.Data.DataType).Fields
                .Select((f, k) => f.Name + ":" + Cell(a.Fields[k], i))) + "}",
            _ => throw new NotSupportedException(array.GetType().Name),
        };
    }

    public static string Json(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.String => Quoted(e.GetString()!),
        JsonValueKind.Number => e.TryGetInt64(out long whole) && e.GetRawText().AsSpan().IndexOfAny(".eE") < 0
            ? Text(whole)
            : Real(e.GetDouble()),
        JsonValueKind.Array => "[" + string.Join(",", e.EnumerateArray().Select(Json)) + "]",
        _ => "{" + string.Join(",", e.EnumerateObject().Select(p => p.Name + ":" + Json(p.Value))) + "}",
    };

    private static string Map(MapArray a, int i)
    {
        var entries = (StructArray)a.GetSlicedValues(i);
        return "{" + string.Join(",", Enumerable.Range(0, entries.Length)
            .Select(k => Cell(entries.Fields[0], k) + ":" + Cell(entries.Fields[1], k))) + "}";
    }

    private static IEnumerable<string> Cells(IArrowArray? array) =>
        array is null ? [] : Enumerable.Range(0, array.Length).Select(i => Cell(array, i));

    // Python has no JSON number for what is not finite, and writes 1.0 for a whole real.
    private static string Real(double value) =>
        double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : Quoted(value.ToString(CultureInfo.InvariantCulture));

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private static string Text<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
