using System.Globalization;
using OneRec.Core;

namespace OneRec.Inputs.Options;

/// <summary>Times that the configuration writes.</summary>
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

    /// <summary>An ISO 8601 date or time; UTC where it has no offset; a space may stand for the T.</summary>
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

    /// <summary>Microseconds since 1970, UTC.</summary>
    public static long Micros(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10;

    /// <summary>The time of an option; null, with a problem where it does not parse.</summary>
    internal static DateTimeOffset? Check(string? text, string key, Problems problems)
    {
        DateTimeOffset time = default;
        bool parsed = text is null || TryParse(text, out time);
        problems.Require(parsed, key, "must be an ISO 8601 date or time, such as 2024-01-31 or 2024-01-31T12:00:00Z", text);
        return text is not null && parsed ? time : null;
    }
}
