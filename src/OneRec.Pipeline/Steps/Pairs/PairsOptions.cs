using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Pairs;

/// <summary>Section <c>pairs</c>: how item pairs are made.</summary>
public sealed record PairsOptions : IOptionSection
{
    /// <summary>Latest earlier clicks that are searched for a target's partner.</summary>
    /// <value>Clicks, 1 to 10,000. Default 50 (QARM).</value>
    public int History { get; init; } = 50;

    /// <summary>Latest clicks of a user that become targets.</summary>
    /// <value>Clicks, 1 to 10,000. Default 50.</value>
    public int TargetsPerUser { get; init; } = 50;

    /// <summary>Most similar items that an item is paired with (source <c>i2i</c>).</summary>
    /// <value>1 to 10,000; more than <c>swing.topK</c> adds nothing. Default 10.</value>
    public int I2iTopK { get; init; } = 10;

    /// <summary>Least Swing score that two items need to be a pair, of either source.</summary>
    /// <value>At least 0. Default 0: every score will do.</value>
    public double MinScore { get; init; }

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Require(History is >= 1 and <= 10_000, "pairs.history", "must be 1 to 10000", History);
        problems.Require(
            TargetsPerUser is >= 1 and <= 10_000, "pairs.targetsPerUser", "must be 1 to 10000", TargetsPerUser);
        problems.Require(I2iTopK is >= 1 and <= 10_000, "pairs.i2iTopK", "must be 1 to 10000", I2iTopK);
        problems.Require(MinScore >= 0 && double.IsFinite(MinScore), "pairs.minScore", "must be at least 0", MinScore);
    }
}
