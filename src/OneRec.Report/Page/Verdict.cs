namespace OneRec.Report.Page;

/// <summary>How a measure reads at a glance. Rules of thumb for the eye; what may be published is up to the gates.</summary>
/// <param name="Word">The word shown.</param>
/// <param name="Style">The class that colours it; never the only sign.</param>
/// <param name="Sign">A sign before the word.</param>
internal sealed record Verdict(string Word, string Style, string Sign)
{
    /// <summary>As it should be.</summary>
    public static readonly Verdict Good = new("good", "good", "\u2713");

    /// <summary>Worth a look.</summary>
    public static readonly Verdict Fair = new("worth a look", "fair", "\u25CB");

    /// <summary>Likely to hurt a model trained on these IDs.</summary>
    public static readonly Verdict Poor = new("weak", "poor", "\u25B2");

    /// <summary>Where more is better.</summary>
    public static Verdict AtLeast(double value, double good, double fair) =>
        value >= good ? Good : value >= fair ? Fair : Poor;

    /// <summary>Where less is better.</summary>
    public static Verdict AtMost(double value, double good, double fair) =>
        value <= good ? Good : value <= fair ? Fair : Poor;
}
