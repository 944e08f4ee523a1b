namespace OneRec.Kernels.Pairs;

/// <summary>Clicks that became no pair, by reason. Clicks = pairs + the three of them.</summary>
public sealed class DroppedClicks
{
    /// <summary>Reason of <see cref="NoEarlierClick"/> in output rows.</summary>
    public const string NoEarlierClickReason = "no_earlier_click";

    /// <summary>Reason of <see cref="NoScoredPartner"/> in output rows.</summary>
    public const string NoScoredPartnerReason = "no_scored_partner";

    /// <summary>Reason of <see cref="OverTargets"/> in output rows.</summary>
    public const string OverTargetsReason = "over_targets";

    /// <summary>Targets before which the user clicked nothing.</summary>
    public long NoEarlierClick { get; set; }

    /// <summary>Targets of whose history no item has a score.</summary>
    public long NoScoredPartner { get; set; }

    /// <summary>Clicks earlier than the user's latest that may be targets.</summary>
    public long OverTargets { get; set; }

    /// <summary>The counts that are not 0, by reason.</summary>
    public IEnumerable<(string Reason, long Count)> Rows()
    {
        (string, long)[] all =
        [
            (NoEarlierClickReason, NoEarlierClick),
            (NoScoredPartnerReason, NoScoredPartner),
            (OverTargetsReason, OverTargets),
        ];
        return all.Where(row => row.Item2 > 0);
    }
}
