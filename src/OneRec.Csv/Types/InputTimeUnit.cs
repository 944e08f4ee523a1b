namespace OneRec.Csv.Types;

/// <summary>What a time column holds.</summary>
public enum InputTimeUnit
{
    /// <summary>Seconds since 1970, UTC.</summary>
    S,

    /// <summary>Milliseconds since 1970, UTC.</summary>
    Ms,

    /// <summary>Microseconds since 1970, UTC.</summary>
    Us,

    /// <summary>ISO 8601 times; without an offset they are UTC.</summary>
    Timestamp,

    /// <summary>ISO 8601 dates, midnight UTC.</summary>
    Date,
}
