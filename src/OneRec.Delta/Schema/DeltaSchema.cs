using System.Globalization;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>Converts a table's columns between the log's JSON and Arrow (Delta protocol, "Schema Serialization Format").</summary>
internal static class DeltaSchema
{
    /// <summary>The key of a column's invariant in its metadata.</summary>
    internal const string Invariants = "delta.invariants";

    /// <summary>The type of timestamp columns: UTC microseconds.</summary>
    public static TimestampType Timestamp { get; } = new(TimeUnit.Microsecond, "UTC");

    /// <summary>The type of timestamp columns without a zone: microseconds (feature <c>timestampNtz</c>).</summary>
    public static TimestampType TimestampNtz { get; } = new(TimeUnit.Microsecond, (string?)null);

    /// <summary>The Arrow schema of a <c>schemaString</c>. List elements are named <c>element</c>.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.schema</c>, naming the type or the problem.</exception>
    public static Schema Read(string schemaString)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(schemaString);
            return new Schema(Fields(document.RootElement), null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw OneRecException.Table("delta.schema", "the table's schemaString is not a valid Delta schema; rewrite the table", e);
        }
    }

    /// <summary>The <c>schemaString</c> of an Arrow schema.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.schema</c>: a type that Delta does not have, naming the column.</exception>
    public static string Write(Schema schema)
    {
        using var bytes = new MemoryStream();
        using (var w = new Utf8JsonWriter(bytes))
        {
            WriteStruct(w, schema.FieldsList, "");
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>Delta's name of a type, such as <c>array&lt;float&gt;</c>; null if Delta has no such type.</summary>
    public static string? NameOf(IArrowType type) => type switch
    {
        ListType list => NameOf(list.ValueDataType) is { } element ? $"array<{element}>" : null,
        MapType map => $"map<{NameOf(map.KeyField.DataType)},{NameOf(map.ValueField.DataType)}>",
        StructType => "struct",
        _ => Primitive(type),
    };

    private static IEnumerable<Field> Fields(JsonElement structure) =>
        structure.GetProperty("fields").EnumerateArray().Select(f => new Field(
            f.GetProperty("name").GetString()!,
            Type(f.GetProperty("type")),
            f.GetProperty("nullable").GetBoolean(),
            f.TryGetProperty("metadata", out JsonElement metadata) ? FieldMetadata(metadata) : null));

    private static Dictionary<string, string>? FieldMetadata(JsonElement metadata)
    {
        var texts = metadata.EnumerateObject().ToDictionary(
            p => p.Name,
            p => p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText());
        return texts.Count == 0 ? null : texts;
    }

    private static IArrowType Type(JsonElement type)
    {
        if (type.ValueKind == JsonValueKind.String)
        {
            return Primitive(type.GetString()!);
        }

        string kind = type.GetProperty("type").GetString()!;
        return kind switch
        {
            "struct" => new StructType([.. Fields(type)]),
            "array" => new ListType(new Field(
                "element", Type(type.GetProperty("elementType")), type.GetProperty("containsNull").GetBoolean())),
            "map" => new MapType(
                new Field("key", Type(type.GetProperty("keyType")), false),
                new Field("value", Type(type.GetProperty("valueType")), type.GetProperty("valueContainsNull").GetBoolean()),
                false),
            _ => throw Unknown(kind),
        };
    }

    private static IArrowType Primitive(string name) => name switch
    {
        "string" => StringType.Default,
        "long" => Int64Type.Default,
        "integer" => Int32Type.Default,
        "short" => Int16Type.Default,
        "byte" => Int8Type.Default,
        "float" => FloatType.Default,
        "double" => DoubleType.Default,
        "boolean" => BooleanType.Default,
        "binary" => BinaryType.Default,
        "date" => Date32Type.Default,
        "timestamp" => Timestamp,
        "timestamp_ntz" => TimestampNtz,
        _ when name.StartsWith("decimal(", StringComparison.Ordinal) && name.EndsWith(')')
            && name[8..^1].Split(',') is [string precision, string scale]
            && int.TryParse(precision, NumberStyles.None, CultureInfo.InvariantCulture, out int p) && p is >= 1 and <= 38
            && int.TryParse(scale, NumberStyles.None, CultureInfo.InvariantCulture, out int s) && s <= p
            => new Decimal128Type(p, s),
        _ => throw Unknown(name),
    };

    private static string? Primitive(IArrowType type) => type switch
    {
        StringType => "string",
        Int64Type => "long",
        Int32Type => "integer",
        Int16Type => "short",
        Int8Type => "byte",
        FloatType => "float",
        DoubleType => "double",
        BooleanType => "boolean",
        BinaryType => "binary",
        Date32Type => "date",
        TimestampType { Unit: TimeUnit.Microsecond, Timezone: "UTC" } => "timestamp",
        TimestampType { Unit: TimeUnit.Microsecond, Timezone: null or "" } => "timestamp_ntz",
        Decimal128Type d => $"decimal({d.Precision},{d.Scale})",
        _ => null,
    };

    private static void WriteStruct(Utf8JsonWriter w, IReadOnlyList<Field> fields, string path)
    {
        w.WriteStartObject();
        w.WriteString("type", "struct");
        w.WriteStartArray("fields");
        foreach (Field field in fields)
        {
            w.WriteStartObject();
            w.WriteString("name", field.Name);
            w.WritePropertyName("type");
            WriteType(w, field.DataType, path + field.Name);
            w.WriteBoolean("nullable", field.IsNullable);
            w.WriteStartObject("metadata");
            foreach ((string key, string value) in field.Metadata ?? new Dictionary<string, string>())
            {
                w.WriteString(key, value);
            }

            w.WriteEndObject();
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter w, IArrowType type, string path)
    {
        switch (type)
        {
            case StructType structure:
                WriteStruct(w, structure.Fields, path + ".");
                break;
            case ListType list:
                w.WriteStartObject();
                w.WriteString("type", "array");
                w.WritePropertyName("elementType");
                WriteType(w, list.ValueDataType, path + ".element");
                w.WriteBoolean("containsNull", list.ValueField.IsNullable);
                w.WriteEndObject();
                break;
            case MapType map:
                w.WriteStartObject();
                w.WriteString("type", "map");
                w.WritePropertyName("keyType");
                WriteType(w, map.KeyField.DataType, path + ".key");
                w.WritePropertyName("valueType");
                WriteType(w, map.ValueField.DataType, path + ".value");
                w.WriteBoolean("valueContainsNull", map.ValueField.IsNullable);
                w.WriteEndObject();
                break;
            default:
                w.WriteStringValue(Primitive(type) ?? throw OneRecException.Table(
                    "delta.schema", $"column '{path}' has the Arrow type {type.Name}, which a Delta table cannot store"));
                break;
        }
    }

    private static OneRecException Unknown(string type) => OneRecException.Table(
        "delta.schema", $"the table has a column of the unsupported type '{type}'; rewrite the table without it");
}
