namespace OneRec.Report.Page;

/// <summary>
/// A quick verdict on a measure. It is a rule of thumb for readers and does not decide what can be published.
/// </summary>
/// <param name="Word">The word shown.</param>
/// <param name="Style">The CSS class that colours it; colour is never the only indication.</param>
/// <param name="Sign">The sign before the word.</param>
internal sealed record Verdict(string Word, string Style, string Sign)
{
    /// <summary>The measure is good.</summary>
    public static readonly Verdict Good = new("good", "good", "\u2713");

    /// <summary>The measure is worth a look.</summary>
    public static readonly Verdict Fair = new("worth a look", "fair", "\u25CB");

    /// <summary>Likely to hurt a model trained on these IDs.</summary>
    public static readonly Verdict Poor = new("weak", "poor", "\u25B2");

    /// <summary>The verdict on a measure for which more is better.</summary>
    public static Verdict AtLeast(double value, double good, double fair) =>
        value >= good ? Good : value >= fair ? Fair : Poor;

    /// <summary>The verdict on a measure for which less is better.</summary>
    public static Verdict AtMost(double value, double good, double fair) =>
        value <= good ? Good : value <= fair ? Fair : Poor;
}
