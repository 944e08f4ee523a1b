using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta.Tests;

/// <summary>Arrow arrays of JSON values.</summary>
internal static class JsonArrow
{
    /// <summary>One value a row; a missing one is null.</summary>
    public static IArrowArray Build(IArrowType type, JsonNode?[] values)
    {
        int nulls = values.Count(v => v is null);
        switch (type)
        {
            case StructType structure:
                return new StructArray(
                    structure, values.Length,
                    structure.Fields.Select(f => Build(f.DataType, [.. values.Select(v => v?[f.Name])])),
                    Validity(values), nulls);
            case MapType map:
                (string Key, JsonNode? Value)[] pairs =
                    [.. values.SelectMany(v => v?.AsObject() ?? []).Select(p => (p.Key, p.Value))];
                var entries = new StructArray(
                    map.KeyValueType, pairs.Length,
                    [
                        Build(map.KeyField.DataType, [.. pairs.Select(p => (JsonNode?)p.Key)]),
                        Build(map.ValueField.DataType, [.. pairs.Select(p => p.Value)]),
                    ],
                    ArrowBuffer.Empty, 0);
                return new MapArray(map, values.Length, Offsets(values, v => v.AsObject().Count), entries, Validity(values), nulls);
            case ListType list:
                IArrowArray elements = Build(list.ValueDataType, [.. values.SelectMany(v => v?.AsArray() ?? [])]);
                return new ListArray(
                    list, values.Length, Offsets(values, v => v.AsArray().Count), elements, Validity(values), nulls);
            case StringType:
                return values.Aggregate(new StringArray.Builder(), (b, v) => b.Append(v?.GetValue<string>())).Build();
            case Int64Type:
                return values.Aggregate(new Int64Array.Builder(), (b, v) => b.Append(v?.GetValue<long>())).Build();
            case Int32Type:
                return values.Aggregate(new Int32Array.Builder(), (b, v) => b.Append(v?.GetValue<int>())).Build();
            case BooleanType:
                return values.Aggregate(
                    new BooleanArray.Builder(), (b, v) => v is null ? b.AppendNull() : b.Append(v.GetValue<bool>())).Build();
            default:
                throw new NotSupportedException(type.Name);
        }
    }

    private static ArrowBuffer Validity(JsonNode?[] values) =>
        values.Aggregate(new ArrowBuffer.BitmapBuilder(), (b, v) => b.Append(v is not null)).Build();

    private static ArrowBuffer Offsets(JsonNode?[] values, Func<JsonNode, int> count)
    {
        var offsets = new ArrowBuffer.Builder<int>().Append(0);
        int end = 0;
        foreach (JsonNode? value in values)
        {
            end += value is null ? 0 : count(value);
            offsets.Append(end);
        }

        return offsets.Build();
    }
}
