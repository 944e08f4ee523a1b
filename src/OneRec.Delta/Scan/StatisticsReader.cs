using System.Globalization;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Reads the statistics of a table's files. What cannot be read is left out: a missing bound is never wrong.</summary>
internal sealed class StatisticsReader(Schema schema)
{
    // Decimal digits that a double always gives back.
    private const int DoubleDigits = 15;

    public FileStatistics? Read(string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            long? records = root.TryGetProperty("numRecords", out JsonElement n) && n.ValueKind == JsonValueKind.Number
                && n.TryGetInt64(out long rows)
                    ? rows
                    : null;
            var columns = new Dictionary<string, ColumnStatistics>(StringComparer.Ordinal);
            foreach (Field field in schema.FieldsList)
            {
                object? min = Value(root, "minValues", field);
                object? max = Value(root, "maxValues", field);
                long? nulls = Part(root, "nullCount", field) is { ValueKind: JsonValueKind.Number } e && e.TryGetInt64(out long c)
                    ? c
                    : null;
                if (min is not null || max is not null || nulls is not null)
                {
                    // Writers cut times to milliseconds, the upper bound too: the true maximum is less than 1 ms above it.
                    columns[field.Name] = new ColumnStatistics(
                        min,
                        max is DateTimeOffset time && time < DateTimeOffset.MaxValue.AddMilliseconds(-1)
                            ? time.AddTicks(TimeSpan.TicksPerMillisecond - TimeSpan.TicksPerMicrosecond)
                            : max,
                        nulls);
                }
            }

            return new FileStatistics(records, columns);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement? Part(JsonElement root, string part, Field field) =>
        root.TryGetProperty(part, out JsonElement map) && map.ValueKind == JsonValueKind.Object
        && map.TryGetProperty(field.Name, out JsonElement value)
            ? value
            : null;

    private static object? Value(JsonElement root, string part, Field field)
    {
        if (Part(root, part, field) is not { } e)
        {
            return null;
        }

        return (field.DataType, e.ValueKind) switch
        {
            (Int8Type or Int16Type or Int32Type or Int64Type, JsonValueKind.Number) => e.TryGetInt64(out long v) ? v : null,
            // The text is the float's shortest: only read as a float is it the value that the rows hold.
            (FloatType, JsonValueKind.Number) => e.TryGetSingle(out float v) && float.IsFinite(v) ? (double)v : null,
            (DoubleType, JsonValueKind.Number) => e.TryGetDouble(out double v) && double.IsFinite(v) ? v : null,
            (StringType, JsonValueKind.String) => e.GetString(),
            (BooleanType, JsonValueKind.True or JsonValueKind.False) => e.GetBoolean(),
            // delta-rs passes them through a double, which moves what has more digits.
            (Decimal128Type { Precision: <= DoubleDigits }, JsonValueKind.Number) => e.TryGetDecimal(out decimal v) ? v : null,
            (Date32Type, JsonValueKind.String) =>
                DateOnly.TryParseExact(e.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly d)
                    ? d
                    : null,
            (TimestampType, JsonValueKind.String) =>
                DateTimeOffset.TryParse(
                    e.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset t)
                    ? t
                    : null,
            _ => null,
        };
    }
}
