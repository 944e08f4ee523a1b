using System.Globalization;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>The part of the log that IDs are judged by and that had no say in them: option <c>evaluate.holdout</c>.</summary>
/// <param name="By">What decides.</param>
/// <param name="Millionths">The share held out, 1 to 999,999: whole, so that every engine cuts at the same place.</param>
public sealed record Holdout(HoldoutBy By, int Millionths)
{
    /// <summary>What the option must be, for messages.</summary>
    public const string Rule = "must be none, users:SHARE or time:SHARE, SHARE above 0 and below 1 with at most 6 decimals, such as users:0.1";

    private const int Million = 1_000_000;
    private const int Decimals = 6;

    /// <summary>Reads the option.</summary>
    /// <param name="text">Such as <c>users:0.1</c>.</param>
    /// <param name="holdout">Null where the text is <c>none</c>, or is not understood.</param>
    /// <returns>Whether the text is understood.</returns>
    public static bool TryParse(string text, out Holdout? holdout)
    {
        ArgumentNullException.ThrowIfNull(text);
        holdout = null;
        if (text == "none")
        {
            return true;
        }

        HoldoutBy? by = text.Split(':')[0] switch
        {
            "users" => HoldoutBy.Users,
            "time" => HoldoutBy.Time,
            _ => null,
        };
        string share = text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
        string digits = share.StartsWith("0.", StringComparison.Ordinal) ? share[2..] : "";
        if (by is null
            || digits.Length is 0 or > Decimals
            || !int.TryParse(digits.PadRight(Decimals, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out int millionths)
            || millionths == 0)
        {
            return false;
        }

        holdout = new Holdout(by.Value, millionths);
        return true;
    }

    /// <summary>A user whose hash is below this is held out: the share of all 32-bit hashes, rounded up, as 8 hex digits.</summary>
    public string HashBelow() => ((((long)Millionths << 32) + Million - 1) / Million).ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Of n interactions the number that are at least in the training part, taken in order of time.</summary>
    public long Earlier(long n) => n - (long)((Int128)n * Millionths / Million);
}

/// <summary>What decides which interactions are held out.</summary>
public enum HoldoutBy
{
    /// <summary>Whole users, by hash.</summary>
    Users,

    /// <summary>The last part of the log.</summary>
    Time,
}
