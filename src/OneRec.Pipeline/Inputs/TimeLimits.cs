namespace OneRec.Pipeline.Inputs;

/// <summary>Times that are taken for times: the years 1 to 9999.</summary>
internal static class TimeLimits
{
    /// <summary>Start of year 1, microseconds since 1970.</summary>
    public static long LowestMicros { get; } = InputTime.Micros(DateTimeOffset.MinValue);

    /// <summary>End of year 9999, microseconds since 1970.</summary>
    public static long HighestMicros { get; } = InputTime.Micros(DateTimeOffset.MaxValue);
}
