namespace OneRec.Csv.Types;

/// <summary>What a time column contains.</summary>
public enum InputTimeUnit
{
    /// <summary>Seconds since 1970, UTC.</summary>
    S,

    /// <summary>Milliseconds since 1970, UTC.</summary>
    Ms,

    /// <summary>Microseconds since 1970, UTC.</summary>
    Us,

    /// <summary>ISO 8601 times; UTC if they have no offset.</summary>
    Timestamp,

    /// <summary>ISO 8601 dates, midnight UTC.</summary>
    Date,

    /// <summary>Dates as <c>20240131</c>, midnight UTC.</summary>
    Ymd,

    /// <summary>Dates as <c>01/31/2024</c>, midnight UTC.</summary>
    Mdy,

    /// <summary>Dates as <c>31/01/2024</c>, midnight UTC.</summary>
    Dmy,
}
