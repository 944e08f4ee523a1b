using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Pairs;

/// <summary>Section <c>pairs</c>: how item pairs are built.</summary>
public sealed record PairsOptions : IOptionSection
{
    /// <summary>Number of clicks before a target, latest first, in which its partner is searched.</summary>
    /// <value>1 to 10,000. Default 50 (QARM).</value>
    public int History { get; init; } = 50;

    /// <summary>Number of a user's latest clicks that are used as targets.</summary>
    /// <value>1 to 10,000. Default 50.</value>
    public int TargetsPerUser { get; init; } = 50;

    /// <summary>Number of most similar items to pair each item with (source <c>i2i</c>).</summary>
    /// <value>1 to 10,000; values above <c>swing.topK</c> have no effect. Default 10.</value>
    public int I2iTopK { get; init; } = 10;

    /// <summary>Minimum Swing score of a pair, for both sources.</summary>
    /// <value>At least 0. Default 0: all scores are accepted.</value>
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
