namespace OneRec.Csv.Types;

/// <summary>The range of valid times: the years 1 to 9999.</summary>
public static class TimeLimits
{
    /// <summary>Start of year 1, microseconds since 1970.</summary>
    public const long LowestMicros = -62_135_596_800_000_000;

    /// <summary>End of year 9999, microseconds since 1970.</summary>
    public const long HighestMicros = 253_402_300_799_999_999;

    /// <summary>Microseconds of a day.</summary>
    public const long DayMicros = 86_400_000_000;

    /// <summary>Microseconds per unit; 1 for times and dates.</summary>
    public static long MicrosOf(InputTimeUnit unit) => unit switch { InputTimeUnit.S => 1_000_000, InputTimeUnit.Ms => 1_000, _ => 1 };
}
