using System.Text.Json;
using System.Text.Json.Serialization;

namespace OneRec.Pipeline.Steps.Train;

/// <summary>Reads one whole number, or a list of them, as a list.</summary>
public sealed class NumberOrListConverter : JsonConverter<IReadOnlyList<int>>
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int one))
        {
            return [one];
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("must be a whole number or a list of them");
        }

        var list = new List<int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int value)
                ? value
                : throw new JsonException("must be a whole number or a list of them"));
        }

        return list;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<int> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        if (value.Count == 1)
        {
            writer.WriteNumberValue(value[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (int number in value)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }
}
