using System.Globalization;
using OneRec.Core;

namespace OneRec.Inputs.Options;

/// <summary>Times in the configuration.</summary>
public static class InputTime
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-ddTHH:mm",
        "yyyy-MM-ddTHH:mm:ss",
        "yyyy-MM-ddTHH:mm:ss.FFFFFF",
        "yyyy-MM-ddTHH:mmK",
        "yyyy-MM-ddTHH:mm:ssK",
        "yyyy-MM-ddTHH:mm:ss.FFFFFFK",
    ];

    /// <summary>Parses an ISO 8601 date or time, UTC if it has no offset. A space may replace the T.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(text);
        return DateTimeOffset.TryParseExact(
            text.Replace(' ', 'T'),
            Formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out time);
    }

    /// <summary>Converts a time to microseconds since 1970, UTC.</summary>
    public static long Micros(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10;

    /// <summary>Parses the time of an option; null if it is not set, or with a problem if it is invalid.</summary>
    internal static DateTimeOffset? Check(string? text, string key, Problems problems)
    {
        DateTimeOffset time = default;
        bool parsed = text is null || TryParse(text, out time);
        problems.Require(parsed, key, "must be an ISO 8601 date or time, such as 2024-01-31 or 2024-01-31T12:00:00Z", text);
        return text is not null && parsed ? time : null;
    }
}
