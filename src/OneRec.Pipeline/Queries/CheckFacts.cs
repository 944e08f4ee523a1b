using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Configuration;

namespace OneRec.Pipeline.Queries;

/// <summary>Gathers the facts of one section, each as people and as programs read it.</summary>
internal sealed class CheckFacts(string section, List<CheckFact> facts)
{
    /// <summary>A text.</summary>
    public void Text(string key, string value) => Add(key, value, value);

    /// <summary>A count.</summary>
    public void Count(string key, long value) => Add(key, value.ToString("N0", CultureInfo.InvariantCulture), value);

    /// <summary>A count with its share of another.</summary>
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

    /// <summary>Bytes.</summary>
    public void Bytes(string key, long bytes) => Add(key, MemorySize.Format(bytes), bytes);

    /// <summary>An estimate of seconds: to two places, more would pretend to be known.</summary>
    public void Seconds(string key, double seconds)
    {
        string text = seconds < 1 ? "below 1 s" : seconds < 120 ? $"about {Rounded(seconds)} s"
            : seconds < 7200 ? $"about {Rounded(seconds / 60)} min" : $"about {Rounded(seconds / 3600)} h";
        Add(key, text, Math.Round(seconds, 1));
    }

    /// <summary>A UTC time of microseconds since 1970.</summary>
    public void Time(string key, long micros)
    {
        DateTimeOffset time = DateTimeOffset.UnixEpoch.AddTicks(micros * 10);
        Add(key, time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture), time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
    }

    private static string Rounded(double value) =>
        value < 10 ? value.ToString("0.#", CultureInfo.InvariantCulture) : value.ToString("F0", CultureInfo.InvariantCulture);

    private void Add(string key, string text, JsonNode? value) => facts.Add(new CheckFact(section, key, text, value));
}

/// <summary>One thing that a look at the inputs shows.</summary>
/// <param name="Section">What it is about: <c>run</c>, <c>catalogue</c>, <c>log</c>, <c>vectors</c>, <c>estimate</c>.</param>
/// <param name="Key">Its name for programs: <c>with_title</c>.</param>
/// <param name="Text">The value for people.</param>
/// <param name="Value">The value for programs: numbers in base units (bytes, seconds, shares of 1), times as ISO 8601.</param>
public sealed record CheckFact(string Section, string Key, string Text, JsonNode? Value);
