using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OneRec.Inputs.Options;

/// <summary>One or more paths that are read as one input.</summary>
[JsonConverter(typeof(InputPathsConverter))]
[Description("a path or a list of paths")]
public sealed class InputPaths
{
    /// <summary>Creates the list.</summary>
    /// <param name="paths">At least one path.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public InputPaths(IEnumerable<string> paths)
    {
        All = [.. paths];
        if (All.Count == 0)
        {
            throw new ArgumentException("there must be at least one path", nameof(paths));
        }
    }

    /// <summary>The paths as given; at least one.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>A single path.</summary>
    public static implicit operator InputPaths?(string? path) => path is null ? null : new InputPaths([path]);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is InputPaths other && All.SequenceEqual(other.All, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(All[0]);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", All);
}

/// <summary>Reads a text or a list of texts; writes one path as a text.</summary>
internal sealed class InputPathsConverter : JsonConverter<InputPaths>
{
    /// <inheritdoc/>
    public override InputPaths Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string[]? paths = reader.TokenType == JsonTokenType.StartArray
            ? JsonSerializer.Deserialize<string[]>(ref reader, options)
            : [reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException()];
        return paths is { Length: > 0 } && paths.All(p => p is not null) ? new InputPaths(paths) : throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, InputPaths value, JsonSerializerOptions options)
    {
        if (value.All.Count == 1)
        {
            writer.WriteStringValue(value.All[0]);
        }
        else
        {
            JsonSerializer.Serialize(writer, value.All, options);
        }
    }
}
