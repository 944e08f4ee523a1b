using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Pipeline.Steps.Publish;

/// <summary>A measure of a codebook with the limit that it must keep to be published.</summary>
/// <param name="Key">The option with the limit, below <c>publish.gates</c>.</param>
/// <param name="What">What is measured, as in <c>IDs lost</c>.</param>
/// <param name="Value">The value; null if there is nothing to measure.</param>
/// <param name="Limit">The limit; null for none.</param>
internal sealed record Gate(string Key, string What, double? Value, double? Limit)
{
    /// <summary>Whether the limit is the least value, not the largest.</summary>
    public bool IsLeast { get; init; }

    /// <summary>Whether the value is a share, shown in percent.</summary>
    public bool IsShare { get; init; } = true;

    /// <summary>Whether the value breaks the limit.</summary>
    public bool IsBroken => Value is { } value && Limit is { } limit && (IsLeast ? value < limit : value > limit);

    /// <summary>The value with its limit: <c>IDs lost 0.3% (at most 5%, publish.gates.rowDrop)</c>.</summary>
    public string Line => $"{What} {Text(Value)} ({Bound}, publish.gates.{Key})";

    /// <summary>The measure, for the summary.</summary>
    public Fact Fact => new(What, $"{Text(Value)} ({Bound})")
    {
        Json = new JsonObject { ["value"] = Value, ["limit"] = Limit, ["broken"] = IsBroken },
    };

    private string Bound => Limit is null ? "no limit" : $"{(IsLeast ? "at least" : "at most")} {Text(Limit)}";

    private string Text(double? value) => (IsShare ? 100 * value : value)?.ToString("0.##", CultureInfo.InvariantCulture) + (IsShare ? "%" : "");
}
