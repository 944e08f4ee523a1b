using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;

namespace OneRec.Cli.Output;

/// <summary>One value of an Arrow array as JSON or text. Times are ISO 8601, those with a zone in UTC.</summary>
internal static class ArrowCell
{
    /// <summary>Options of printed JSON: non-ASCII letters are not escaped.</summary>
    public static JsonWriterOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a type's values are numbers: unquoted in JSON, right-aligned in tables.</summary>
    public static bool IsNumber(IArrowType type) => type is NumberType or Decimal128Type or Decimal256Type;

    /// <summary>Writes a value; null as null, NaN and infinities as strings, since JSON has no such numbers.</summary>
    public static void WriteJson(Utf8JsonWriter writer, IArrowArray array, int row)
    {
        if (array is NullArray || array.IsNull(row))
        {
            writer.WriteNullValue();
            return;
        }

        switch (array)
        {
            case BooleanArray a:
                writer.WriteBooleanValue(a.GetValue(row)!.Value);
                break;
            case FloatArray a:
                Number(writer, a.GetValue(row)!.Value, float.IsFinite(a.GetValue(row)!.Value));
                break;
            case DoubleArray a:
                Number(writer, a.GetValue(row)!.Value, double.IsFinite(a.GetValue(row)!.Value));
                break;
            case HalfFloatArray a:
                Number(writer, a.GetValue(row)!.Value, Half.IsFinite(a.GetValue(row)!.Value));
                break;
            case MapArray a:
                WriteMap(writer, a, row);
                break;
            case ListArray a:
                WriteList(writer, a.Values, a.ValueOffsets[row], a.GetValueLength(row));
                break;
            case LargeListArray a:
                WriteList(writer, a.Values, (int)a.ValueOffsets[row], a.GetValueLength(row));
                break;
            case FixedSizeListArray a:
                IArrowArray values = a.GetSlicedValues(row);
                WriteList(writer, values, 0, values.Length);
                break;
            case StructArray a:
                WriteStruct(writer, a, row);
                break;
            case DictionaryArray a:
                WriteJson(writer, a.Dictionary, (int)Integer(a.Indices, row));
                break;
            case not null when IsNumber(array.Data.DataType):
                writer.WriteRawValue(Scalar(array, row));
                break;
            default:
                writer.WriteStringValue(Scalar(array!, row));
                break;
        }
    }

    /// <summary>A value as text: JSON for lists and records, null for null.</summary>
    public static string? Text(IArrowArray array, int row)
    {
        if (array is NullArray || array.IsNull(row))
        {
            return null;
        }

        switch (array)
        {
            case BooleanArray a:
                return a.GetValue(row)!.Value ? "true" : "false";
            case FloatArray a:
                return a.GetValue(row)!.Value.ToString("R", CultureInfo.InvariantCulture);
            case DoubleArray a:
                return a.GetValue(row)!.Value.ToString("R", CultureInfo.InvariantCulture);
            case HalfFloatArray a:
                return a.GetValue(row)!.Value.ToString("R", CultureInfo.InvariantCulture);
            case ListArray or LargeListArray or FixedSizeListArray or StructArray or MapArray:
                using (var buffer = new MemoryStream())
                {
                    using (var writer = new Utf8JsonWriter(buffer, Json))
                    {
                        WriteJson(writer, array, row);
                    }

                    return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
                }

            case DictionaryArray a:
                return Text(a.Dictionary, (int)Integer(a.Indices, row));
            default:
                return Scalar(array, row);
        }
    }

    /// <summary>A non-null value as text.</summary>
    private static string Scalar(IArrowArray array, int row) => array switch
    {
        StringArray a => a.GetString(row)!,
        LargeStringArray a => a.GetString(row)!,
        StringViewArray a => a.GetString(row)!,
        BinaryArray a => Convert.ToHexStringLower(a.GetBytes(row)),
        LargeBinaryArray a => Convert.ToHexStringLower(a.GetBytes(row)),
        TimestampArray a => Timestamp(a, row),
        Date32Array a => Date(a.GetValue(row)!.Value),
        Date64Array a => Date(a.GetValue(row)!.Value / 86_400_000),
        Time32Array a => TimeOfDay(a.GetValue(row)!.Value, ((Time32Type)a.Data.DataType).Unit),
        Time64Array a => TimeOfDay(a.GetValue(row)!.Value, ((Time64Type)a.Data.DataType).Unit),
        DurationArray a => $"{a.GetValue(row)!.Value} {((DurationType)a.Data.DataType).Unit}",
        Decimal128Array a => a.GetString(row)!,
        Decimal256Array a => a.GetString(row)!,
        FixedSizeBinaryArray a => Convert.ToHexStringLower(a.GetBytes(row)),
        UInt64Array a => a.GetValue(row)!.Value.ToString(CultureInfo.InvariantCulture),
        Int8Array or Int16Array or Int32Array or Int64Array or UInt8Array or UInt16Array or UInt32Array =>
            Integer(array, row).ToString(CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"a column of type {array.Data.DataType.Name} cannot be printed"),
    };

    private static long Integer(IArrowArray array, int row) => array switch
    {
        Int8Array a => a.GetValue(row)!.Value,
        Int16Array a => a.GetValue(row)!.Value,
        Int32Array a => a.GetValue(row)!.Value,
        Int64Array a => a.GetValue(row)!.Value,
        UInt8Array a => a.GetValue(row)!.Value,
        UInt16Array a => a.GetValue(row)!.Value,
        UInt32Array a => a.GetValue(row)!.Value,
        _ => throw new NotSupportedException($"{array.Data.DataType.Name} is not an integer type"),
    };

    private static string Timestamp(TimestampArray array, int row)
    {
        var type = (TimestampType)array.Data.DataType;
        long value = array.GetValue(row)!.Value;
        (long perSecond, int digits) = type.Unit switch
        {
            TimeUnit.Second => (1L, 0),
            TimeUnit.Millisecond => (1_000L, 3),
            TimeUnit.Microsecond => (1_000_000L, 6),
            _ => (1_000_000_000L, 9),
        };
        long seconds = Math.DivRem(value, perSecond, out long rest);
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + perSecond);
        }

        string fraction = rest == 0
            ? ""
            : "." + rest.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0').TrimEnd('0');
        string zone = type.Timezone is null ? "" : "Z";
        return DateTimeOffset.FromUnixTimeSeconds(seconds)
            .ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + fraction + zone;
    }

    private static string Date(long days) =>
        DateOnly.FromDayNumber((int)(days + 719_162)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string TimeOfDay(long value, TimeUnit unit)
    {
        long ticks = unit switch
        {
            TimeUnit.Second => value * TimeSpan.TicksPerSecond,
            TimeUnit.Millisecond => value * TimeSpan.TicksPerMillisecond,
            TimeUnit.Microsecond => value * TimeSpan.TicksPerMicrosecond,
            _ => value / 100,
        };
        return new TimeOnly(ticks).ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
    }

    private static void Number<T>(Utf8JsonWriter writer, T value, bool finite)
        where T : IFormattable
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        if (finite)
        {
            writer.WriteRawValue(text);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    private static void WriteList(Utf8JsonWriter writer, IArrowArray values, int offset, int length)
    {
        writer.WriteStartArray();
        for (int i = 0; i < length; i++)
        {
            WriteJson(writer, values, offset + i);
        }

        writer.WriteEndArray();
    }

    private static void WriteStruct(Utf8JsonWriter writer, StructArray array, int row)
    {
        var type = (StructType)array.Data.DataType;
        writer.WriteStartObject();
        for (int i = 0; i < array.Fields.Count; i++)
        {
            writer.WritePropertyName(type.Fields[i].Name);
            WriteJson(writer, array.Fields[i], row);
        }

        writer.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter writer, MapArray array, int row)
    {
        writer.WriteStartObject();
        int end = array.ValueOffsets[row + 1];
        for (int i = array.ValueOffsets[row]; i < end; i++)
        {
            writer.WritePropertyName(Text(array.Keys, i) ?? "null");
            WriteJson(writer, array.Values, i);
        }

        writer.WriteEndObject();
    }
}
