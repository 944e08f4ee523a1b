using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Inputs.Options;

namespace OneRec.Pipeline.Queries.Describe;

/// <summary>What the tables tell of an item, in sections: for <c>describe</c> where its ID comes from, back to catalogue and log.</summary>
/// <param name="Item">The item's id: a number or a text.</param>
/// <param name="Headline">One line: the ID and the title, or that there is no ID.</param>
/// <param name="Sections">
/// In order; of <c>describe</c>: <c>id</c>, <c>embedding</c>, <c>model</c>, <c>codebook</c>, <c>catalogue</c>, <c>log</c>.
/// </param>
public sealed record Lineage(JsonNode Item, string Headline, IReadOnlyList<LineageSection> Sections);

/// <summary>A stage of a lineage.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Facts">What is known of it, in order.</param>
public sealed record LineageSection(string Name, IReadOnlyList<LineageFact> Facts);

/// <summary>A fact of a lineage, for programs and for people.</summary>
/// <param name="Name">The key for programs, such as <c>assigned_at</c>; unique in its section.</param>
/// <param name="Value">The value for programs: times in ISO 8601, numbers as numbers; null for none.</param>
/// <param name="Lines">The value for people, at least one line.</param>
public sealed record LineageFact(string Name, JsonNode? Value, IReadOnlyList<string> Lines)
{
    /// <summary>A text that is the same for programs and people.</summary>
    internal static LineageFact Of(string name, string value) => new(name, value, [value]);

    /// <summary>A text of the user's data, which may be missing.</summary>
    internal static LineageFact Data(string name, string? value) => new(name, value, [value ?? "none"]);

    /// <summary>A count.</summary>
    internal static LineageFact Of(string name, long count) => new(name, count, [Number(count)]);

    /// <summary>A time.</summary>
    /// <param name="name">The key.</param>
    /// <param name="time">The time; null where it did not come.</param>
    /// <param name="none">The text for people if it did not.</param>
    internal static LineageFact Of(string name, DateTimeOffset? time, string none = "no") =>
        new(name, time is { } then ? Iso(then) : null, [time is { } at ? Moment(at) : none]);

    /// <summary>The paths of an input as they are configured now: table <c>runs</c> has versions, but no paths.</summary>
    /// <param name="option">The option, such as <c>input.items</c>.</param>
    /// <param name="paths">Its value; null if it is not set.</param>
    internal static LineageFact Configured(string option, InputPaths? paths) => new(
        "configured",
        paths is null ? null : new JsonArray([.. paths.All.Select(p => JsonValue.Create(p))]),
        [paths is null ? $"{option} is not set" : $"{option} is now {paths}; table runs has versions, not paths"]);

    /// <summary>A number with thousands separators.</summary>
    internal static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A time for people, to the second.</summary>
    internal static string Moment(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A time for programs, to the microsecond.</summary>
    internal static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
