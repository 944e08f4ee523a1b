using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Configuration;

namespace OneRec.Pipeline.Queries;

/// <summary>Collects the facts of one section, each as text for people and as a value for programs.</summary>
internal sealed class CheckFacts(string section, List<CheckFact> facts)
{
    /// <summary>Adds a text.</summary>
    public void Text(string key, string value) => Add(key, value, value);

    /// <summary>Adds a count.</summary>
    public void Count(string key, long value) => Add(key, value.ToString("N0", CultureInfo.InvariantCulture), value);

    /// <summary>Adds a count with its share of a total.</summary>
    public void Share(string key, long part, long whole)
    {
        double share = whole == 0 ? 0 : (double)part / whole;
        string percent = (100 * share).ToString("0.#", CultureInfo.InvariantCulture);
        Add(key, string.Create(CultureInfo.InvariantCulture, $"{part:N0} ({percent} %)"), new JsonObject
        {
            ["count"] = part,
            ["share"] = share,
        });
    }

    /// <summary>Adds a size in bytes.</summary>
    public void Bytes(string key, long bytes) => Add(key, MemorySize.Format(bytes), bytes);

    /// <summary>Adds an estimated time in seconds; the text is rounded, since estimates are rough.</summary>
    public void Seconds(string key, double seconds)
    {
        string text = seconds < 1 ? "less than 1 s" : seconds < 120 ? $"about {Rounded(seconds)} s"
            : seconds < 7200 ? $"about {Rounded(seconds / 60)} min" : $"about {Rounded(seconds / 3600)} h";
        Add(key, text, Math.Round(seconds, 1));
    }

    /// <summary>Adds a UTC time, given in microseconds since 1970.</summary>
    public void Time(string key, long micros)
    {
        DateTimeOffset time = DateTimeOffset.UnixEpoch.AddTicks(micros * 10);
        Add(key, time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture), time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
    }

    private static string Rounded(double value) =>
        value < 10 ? value.ToString("0.#", CultureInfo.InvariantCulture) : value.ToString("F0", CultureInfo.InvariantCulture);

    private void Add(string key, string text, JsonNode? value) => facts.Add(new CheckFact(section, key, text, value));
}

/// <summary>One fact found by a check of the inputs.</summary>
/// <param name="Section">
/// The section: <c>run</c>, <c>catalogue</c>, <c>log</c>, <c>vectors</c>, <c>images</c> or <c>estimate</c>.
/// </param>
/// <param name="Key">The key for programs, such as <c>with_title</c>.</param>
/// <param name="Text">The value as text for people.</param>
/// <param name="Value">
/// The value for programs: numbers in base units (bytes, seconds, shares of 1), times in ISO 8601.
/// </param>
public sealed record CheckFact(string Section, string Key, string Text, JsonNode? Value);
