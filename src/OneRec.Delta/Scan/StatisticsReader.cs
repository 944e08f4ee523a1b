using System.Globalization;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Reads the statistics of data files. Unreadable parts are dropped: without a bound, no file is wrongly excluded.</summary>
internal sealed class StatisticsReader(Schema schema)
{
    // Decimal digits that survive a round trip through a double.
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
                    // Writers truncate times to milliseconds, even the maximum: the true maximum is less than 1 ms above it.
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
            // This is the shortest text of a float; only parsing it as a float gives the value in the rows.
            (FloatType, JsonValueKind.Number) => e.TryGetSingle(out float v) && float.IsFinite(v) ? (double)v : null,
            (DoubleType, JsonValueKind.Number) => e.TryGetDouble(out double v) && double.IsFinite(v) ? v : null,
            (StringType, JsonValueKind.String) => e.GetString(),
            (BooleanType, JsonValueKind.True or JsonValueKind.False) => e.GetBoolean(),
            // delta-rs converts decimals to double, which changes values with more digits.
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

/// <summary>A file's statistics, typed by the table's columns.</summary>
/// <param name="NumRecords">Number of rows; null if unknown.</param>
/// <param name="Columns">By name of a top-level column; only columns with statistics.</param>
public sealed record FileStatistics(long? NumRecords, IReadOnlyDictionary<string, ColumnStatistics> Columns);

/// <summary>Bounds of a column in one file.</summary>
/// <remarks>
/// Values are <see cref="long"/> for integers, <see cref="double"/> for float and double, <see cref="string"/>,
/// <see cref="DateOnly"/>, <see cref="DateTimeOffset"/>, <see cref="decimal"/> or <see cref="bool"/>.
/// </remarks>
/// <param name="Min">A lower bound of all values except null and NaN; a text may be truncated. Null if unknown.</param>
/// <param name="Max">An upper bound of all values except null and NaN; a text may be truncated and raised. Null if unknown.</param>
/// <param name="NullCount">Number of nulls; null if unknown.</param>
public sealed record ColumnStatistics(object? Min, object? Max, long? NullCount);
