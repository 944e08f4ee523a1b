using System.Globalization;
using OneRec.Core;

namespace OneRec.Pipeline.Queries;

/// <summary>A version of a table, or the time whose version is meant.</summary>
/// <param name="Version">The version; null: that of the time.</param>
/// <param name="Time">The time; null: that of the version.</param>
internal sealed record TableMoment(long? Version, DateTimeOffset? Time)
{
    /// <summary>What a user wrote: digits are a version, anything else is a time, in UTC if it has no offset. Null if it is neither.</summary>
    public static TableMoment? Parse(string text) =>
        text.Length > 0 && text.All(char.IsAsciiDigit) ? (ParseVersion(text) is { } version ? new TableMoment(version, null) : null)
        : ParseTime(text) is { } time ? new TableMoment(null, time)
        : null;

    /// <summary>A version; null if the text is none.</summary>
    public static long? ParseVersion(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : null;

    /// <summary>A time that begins with a date such as 2026-11-30; null if the text is none. Without a date .NET would take today's.</summary>
    public static DateTimeOffset? ParseTime(string text) =>
        text.Length >= 10 && text[4] == '-' && text[7] == '-' && text[..4].All(char.IsAsciiDigit) && !text.Contains('\0', StringComparison.Ordinal)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : null;

    /// <summary>The version of a table.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="table">The table.</param>
    /// <param name="asked">The command and what it was asked for, for the message.</param>
    /// <exception cref="OneRecException">The log has no version as old as the time (exit 2).</exception>
    public long VersionOf(IEngine engine, string table, string asked) =>
        Version ?? (engine.Tables.State(table) is null ? null : engine.Tables.VersionAt(table, Time!.Value)) ?? throw OneRecException.Configuration(
            "sql.version", $"{asked}: the log of {table} has no version as old as that; it was made later, or older versions were removed (retention.logDays)");
}
