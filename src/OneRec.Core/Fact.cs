using System.Globalization;
using System.Text.Json.Nodes;

namespace OneRec.Core;

/// <summary>A short fact: a name and a value, as text for people and as JSON for programs.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value as text.</param>
/// <remarks>Two facts are equal if their texts are.</remarks>
public sealed record Fact(string Name, string Value)
{
    /// <summary>The value for programs, such as a number; null: the text.</summary>
    public JsonNode? Json { get; init; }

    /// <summary>A count.</summary>
    public static Fact Of(string name, long count) =>
        new(name, count.ToString("N0", CultureInfo.InvariantCulture)) { Json = JsonValue.Create(count) };

    /// <summary>A measure.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The measure; JSON has no NaN and no infinity, so these stay text.</param>
    /// <param name="text">The measure as text, rounded.</param>
    public static Fact Of(string name, double value, string text) =>
        new(name, text) { Json = double.IsFinite(value) ? JsonValue.Create(value) : null };

    /// <summary>Several measures, an array for programs.</summary>
    public static Fact Of(string name, IEnumerable<double> values, string text) =>
        new(name, text) { Json = new JsonArray([.. values.Select(v => double.IsFinite(v) ? JsonValue.Create(v) : null)]) };

    /// <inheritdoc/>
    public bool Equals(Fact? other) => other is not null && Name == other.Name && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Value);
}
