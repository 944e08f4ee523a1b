using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Engine.Spark.Relations;

/// <summary>Converts between Arrow schemas and Spark's <c>StructType</c> JSON.</summary>
/// <remarks>Timestamps are Spark's TIMESTAMP: an instant, microseconds, UTC. Types that the tables never have are refused.</remarks>
public static partial class SparkTypes
{
    private static readonly Dictionary<string, IArrowType> Simple = new(StringComparer.Ordinal)
    {
        ["byte"] = Int8Type.Default,
        ["short"] = Int16Type.Default,
        ["integer"] = Int32Type.Default,
        ["long"] = Int64Type.Default,
        ["float"] = FloatType.Default,
        ["double"] = DoubleType.Default,
        ["string"] = StringType.Default,
        ["boolean"] = BooleanType.Default,
        ["binary"] = BinaryType.Default,
        ["date"] = Date32Type.Default,
        ["timestamp"] = ArrowTypes.Utc,
        ["timestamp_ntz"] = new TimestampType(TimeUnit.Microsecond, (string?)null),
        ["void"] = NullType.Default,
    };

    /// <summary>The JSON of a schema.</summary>
    /// <exception cref="OneRecException">Engine error <c>spark.type</c>: a type without a counterpart.</exception>
    public static string ToJson(Schema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return Struct(schema.FieldsList).ToJsonString();
    }

    /// <summary>The schema from JSON.</summary>
    /// <param name="json">The JSON of a <c>StructType</c>.</param>
    /// <param name="lenient">Whether a type without a counterpart becomes the null type, for a table of another program.</param>
    /// <exception cref="OneRecException">Engine error <c>spark.type</c>: a type without a counterpart.</exception>
    public static Schema FromJson(string json, bool lenient = false)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new Schema(Fields(JsonNode.Parse(json)!, lenient), null);
    }

    private static JsonObject Struct(IEnumerable<Field> fields) => new()
    {
        ["type"] = "struct",
        ["fields"] = new JsonArray([.. fields.Select(f => new JsonObject
        {
            ["name"] = f.Name,
            ["type"] = ToNode(f.DataType),
            ["nullable"] = f.IsNullable,
            ["metadata"] = new JsonObject(),
        })]),
    };

    private static JsonNode ToNode(IArrowType type) => type switch
    {
        ListType list => new JsonObject
        {
            ["type"] = "array",
            ["elementType"] = ToNode(list.ValueDataType),
            ["containsNull"] = list.ValueField.IsNullable,
        },
        StructType record => Struct(record.Fields),
        Decimal128Type number => $"decimal({number.Precision},{number.Scale})",
        TimestampType { Unit: TimeUnit.Microsecond, Timezone: null or "" } => "timestamp_ntz",
        TimestampType { Unit: TimeUnit.Microsecond } => "timestamp",
        _ => Simple.FirstOrDefault(s => s.Value.TypeId == type.TypeId && type is not TimestampType).Key
            ?? throw OneRecException.Engine("spark.type", $"Spark has no type for Arrow's {type.Name}"),
    };

    private static IEnumerable<Field> Fields(JsonNode node, bool lenient) => node["fields"]!.AsArray().Select(
        f => new Field((string)f!["name"]!, FromNode(f["type"]!, lenient), (bool)f["nullable"]!));

    private static IArrowType FromNode(JsonNode node, bool lenient)
    {
        if (node is JsonObject)
        {
            return (string?)node["type"] switch
            {
                "array" => new ListType(new Field("element", FromNode(node["elementType"]!, lenient), (bool)node["containsNull"]!)),
                "struct" => new StructType([.. Fields(node, lenient)]),
                "map" when lenient => new MapType(FromNode(node["keyType"]!, lenient), FromNode(node["valueType"]!, lenient)),
                _ when lenient => NullType.Default,
                var other => throw OneRecException.Engine("spark.type", $"Spark's type {other} is not supported"),
            };
        }

        string name = (string)node!;
        if (Simple.TryGetValue(name, out IArrowType? type))
        {
            return type;
        }

        Match number = DecimalName().Match(name);
        return number.Success
            ? new Decimal128Type(int.Parse(number.Groups[1].Value), int.Parse(number.Groups[2].Value))
            : lenient ? NullType.Default
            : throw OneRecException.Engine("spark.type", $"Spark's type {name} is not supported");
    }

    [GeneratedRegex(@"^decimal\((\d+),(-?\d+)\)$")]
    private static partial Regex DecimalName();
}
