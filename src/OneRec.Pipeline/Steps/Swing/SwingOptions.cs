using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>Section <c>swing</c>: item similarity by Swing.</summary>
/// <remarks>
/// score(i, j) = Σ over user pairs u &lt; v who have both of w(|I_u|) w(|I_v|) / (alpha2 + |I_u ∩ I_v|), with
/// w(n) = (n + alpha1)^-beta.
/// </remarks>
public sealed record SwingOptions : IOptionSection
{
    /// <summary>Added to a user's number of items before the power: larger, and users differ less.</summary>
    /// <value>Above -2. Default 15.</value>
    public double Alpha1 { get; init; } = 15;

    /// <summary>Added to the number of items that two users share: larger, and pairs that share much count for more.</summary>
    /// <value>Above -2. Default 0.</value>
    public double Alpha2 { get; init; }

    /// <summary>How much less a user with many items counts; negative, and such a user counts for more.</summary>
    /// <value>-10 to 10. Default 0.3.</value>
    public double Beta { get; init; } = 0.3;

    /// <summary>Similar items kept for each item.</summary>
    /// <value>1 to 10,000. Default 100.</value>
    public int TopK { get; init; } = 100;

    /// <summary>Users with fewer distinct items are left out whole.</summary>
    /// <value>At least 1. Default 1.</value>
    public long MinUserItems { get; init; } = 1;

    /// <summary>Users with more distinct items are left out whole.</summary>
    /// <value>At least <c>swing.minUserItems</c>. Default null: none are.</value>
    public long? MaxUserItems { get; init; }

    /// <summary>
    /// Users kept of each item, those of the lowest hash; the others lose the item. Bounds the work. A user's own number
    /// of items is counted before.
    /// </summary>
    /// <value>At least 2. Default null: all.</value>
    public long? MaxItemUsers { get; init; }

    /// <summary>Users that two items must share to be similar.</summary>
    /// <value>At least 1. Default 2 (a score takes two users in any case).</value>
    public int MinCommonUsers { get; init; } = 2;

    /// <summary>Whether an item's kept scores are divided by its best one.</summary>
    /// <value><c>none</c> or <c>max</c>. Default <c>none</c>.</value>
    public SwingNormalization Normalize { get; init; }

    /// <summary>
    /// Work that is accepted: the sum over items of C(users, 2). Above it the step stops before it begins, and names the
    /// cap that would fit.
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

/// <summary>What becomes of an item's kept scores.</summary>
public enum SwingNormalization
{
    /// <summary>They stay as they are.</summary>
    None,

    /// <summary>They are divided by the best of them.</summary>
    Max,
}
