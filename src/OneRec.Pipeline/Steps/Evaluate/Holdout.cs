using System.Globalization;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>The part of the log held out to judge IDs: option <c>evaluate.holdout</c>.</summary>
/// <param name="By">Whether users or times decide the split.</param>
/// <param name="Millionths">
/// The held-out share in millionths, 1 to 999,999: an integer, so that all engines split alike.
/// </param>
public sealed record Holdout(HoldoutBy By, int Millionths)
{
    /// <summary>The allowed values, for messages.</summary>
    public const string Rule =
        "must be none, users:SHARE or time:SHARE, with SHARE above 0, below 1 and at most 6 decimals, such as users:0.1";

    private const int Million = 1_000_000;
    private const int Decimals = 6;

    /// <summary>Parses the option.</summary>
    /// <param name="text">The value, such as <c>users:0.1</c>.</param>
    /// <param name="holdout">The holdout; null if the text is <c>none</c> or invalid.</param>
    /// <returns>Whether the text is valid.</returns>
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

    /// <summary>
    /// The threshold below which a user's hash is held out: the share of all 32-bit hashes, rounded up, as 8 hex
    /// digits.
    /// </summary>
    public string HashBelow() => ((((long)Millionths << 32) + Million - 1) / Million).ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>The least number of interactions, in time order, in the training part of n interactions.</summary>
    public long Earlier(long n) => n - (long)((Int128)n * Millionths / Million);
}

/// <summary>How the held-out interactions are chosen.</summary>
public enum HoldoutBy
{
    /// <summary>Whole users, by hash.</summary>
    Users,

    /// <summary>The last interactions by time.</summary>
    Time,
}
