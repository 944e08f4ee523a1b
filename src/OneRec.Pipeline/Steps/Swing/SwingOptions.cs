using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>Section <c>swing</c>: item similarity by Swing.</summary>
/// <remarks>
/// score(i, j) = Σ w(|I_u|) w(|I_v|) / (alpha2 + |I_u ∩ I_v|) over all pairs of users u &lt; v who have both items,
/// with w(n) = (n + alpha1)^-beta.
/// </remarks>
public sealed record SwingOptions : IOptionSection
{
    /// <summary>
    /// Added to a user's item count in the user weight; larger values make user weights more similar.
    /// </summary>
    /// <value>Above -2. Default 15.</value>
    public double Alpha1 { get; init; } = 15;

    /// <summary>
    /// Added to the number of items that two users share. Larger values reduce the penalty on user pairs that share
    /// many items.
    /// </summary>
    /// <value>Above -2. Default 0.</value>
    public double Alpha2 { get; init; }

    /// <summary>
    /// Exponent of the user weight: how strongly users with many items are down-weighted. Negative values up-weight
    /// them.
    /// </summary>
    /// <value>-10 to 10. Default 0.3.</value>
    public double Beta { get; init; } = 0.3;

    /// <summary>Number of similar items kept per item.</summary>
    /// <value>1 to 10,000. Default 100.</value>
    public int TopK { get; init; } = 100;

    /// <summary>Minimum number of distinct items per user; users with fewer items are ignored.</summary>
    /// <value>At least 1. Default 1.</value>
    public long MinUserItems { get; init; } = 1;

    /// <summary>Maximum number of distinct items per user; users with more items are ignored.</summary>
    /// <value>At least <c>swing.minUserItems</c>. Default null: no limit.</value>
    public long? MaxUserItems { get; init; }

    /// <summary>
    /// Maximum number of users kept per item, to bound the work; users with the lowest hashes are kept. User weights
    /// still use the item counts before this cap.
    /// </summary>
    /// <value>At least 2. Default null: no limit.</value>
    public long? MaxItemUsers { get; init; }

    /// <summary>Minimum number of users that two similar items have in common.</summary>
    /// <value>At least 1. Default 2 (a score needs at least two users in any case).</value>
    public int MinCommonUsers { get; init; } = 2;

    /// <summary>Whether the kept scores of an item are divided by its highest score.</summary>
    /// <value><c>none</c> or <c>max</c>. Default <c>none</c>.</value>
    public SwingNormalization Normalize { get; init; }

    /// <summary>
    /// Limit of work in user pairs: the sum over items of C(users, 2). Above it, the step stops before it starts and
    /// suggests a cap that fits.
    /// </summary>
    /// <value>At least 1. Default null: 2,000,000,000 on the local engine, 1,000,000,000,000 on Spark.</value>
    public long? MaxUserPairs { get; init; }

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Require(Alpha1 > -2 && double.IsFinite(Alpha1), "swing.alpha1", "must be above -2", Alpha1);
        problems.Require(Alpha2 > -2 && double.IsFinite(Alpha2), "swing.alpha2", "must be above -2", Alpha2);
        problems.Require(Beta is >= -10 and <= 10, "swing.beta", "must be -10 to 10", Beta);
        problems.Require(TopK is >= 1 and <= 10_000, "swing.topK", "must be 1 to 10000", TopK);
        problems.Require(MinUserItems >= 1, "swing.minUserItems", "must be at least 1", MinUserItems);
        problems.Require(
            MaxUserItems is null || MaxUserItems >= MinUserItems,
            "swing.maxUserItems",
            "must be at least swing.minUserItems",
            MaxUserItems);
        problems.Require(MaxItemUsers is null or >= 2, "swing.maxItemUsers", "must be at least 2", MaxItemUsers);
        problems.Require(MinCommonUsers >= 1, "swing.minCommonUsers", "must be at least 1", MinCommonUsers);
        problems.Require(MaxUserPairs is null or >= 1, "swing.maxUserPairs", "must be at least 1", MaxUserPairs);
    }
}

/// <summary>How the kept scores of an item are normalized.</summary>
public enum SwingNormalization
{
    /// <summary>Scores are unchanged.</summary>
    None,

    /// <summary>Scores are divided by the highest score of the item.</summary>
    Max,
}
