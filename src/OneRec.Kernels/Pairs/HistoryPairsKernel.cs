using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace OneRec.Kernels.Pairs;

/// <summary>
/// Pairs each clicked item with the most similar item the user clicked before (QARM, arXiv 2411.11739, user-to-item pairs).
/// </summary>
/// <remarks>
/// The history of a target is the latest <see cref="HistoryPairsParameters.History"/> clicks with a strictly smaller time.
/// The partner is the item with the highest score(target, partner); ties go to the later time, then to the lower id.
/// </remarks>
/// <param name="similarity">Scores by (target, partner).</param>
/// <param name="parameters">Valid parameters.</param>
public sealed class HistoryPairsKernel(SimilarityTable similarity, HistoryPairsParameters parameters)
{
    /// <summary>[items]: 1 + the position of the current user's click on the item; 0 if there is none, and between users.</summary>
    private readonly int[] _placeOf = new int[similarity.Items];

    /// <summary>Finds the partners of one user's targets.</summary>
    /// <param name="clicks">The user's clicks.</param>
    /// <param name="dropped">Counts the targets without a pair.</param>
    /// <param name="found">Called with target, partner and score of each pair, targets in ascending order.</param>
    public void Pair(UserClicks clicks, DroppedClicks dropped, Action<int, int, double> found)
    {
        ArgumentNullException.ThrowIfNull(clicks);
        ArgumentNullException.ThrowIfNull(dropped);
        ArgumentNullException.ThrowIfNull(found);
        ReadOnlySpan<int> items = clicks.Items;
        ReadOnlySpan<long> times = clicks.Times;
        Mark(items);
        foreach (int target in clicks.Targets)
        {
            int end = target;
            while (end > 0 && times[end - 1] == times[target])
            {
                end--;
            }

            if (end == 0)
            {
                dropped.NoEarlierClick++;
                continue;
            }

            int partner = Best(items, times, target, Math.Max(0, end - parameters.History), end, out double score);
            if (partner < 0)
            {
                dropped.NoScoredPartner++;
                continue;
            }

            found(items[target], items[partner], score);
        }

        Unmark(items);
    }

    /// <summary>Finds the best click of a history. Partners are sorted best first, so the first one in the history wins.</summary>
    private int Best(ReadOnlySpan<int> items, ReadOnlySpan<long> times, int target, int from, int to, out double best)
    {
        best = double.NaN;
        int found = -1;
        if (items[target] < 0)
        {
            return found;
        }

        ReadOnlySpan<int> partners = similarity.Partners(items[target]);
        ReadOnlySpan<double> scores = similarity.Scores(items[target]);
        for (int p = 0; p < partners.Length && (found < 0 || scores[p] == best); p++)
        {
            int click = _placeOf[partners[p]] - 1;
            if (click < from || click >= to)
            {
                continue;
            }

            // Clicks are sorted by (time, id): among equal scores the later time wins, among equal times the lower id.
            if (found < 0 || times[click] > times[found] || (times[click] == times[found] && click < found))
            {
                best = scores[p];
                found = click;
            }
        }

        return found;
    }

    /// <summary>Records the position of each item among the clicks; the user's items are distinct.</summary>
    private void Mark(ReadOnlySpan<int> items)
    {
        for (int click = 0; click < items.Length; click++)
        {
            if (items[click] >= 0)
            {
                _placeOf[items[click]] = click + 1;
            }
        }
    }

    private void Unmark(ReadOnlySpan<int> items)
    {
        foreach (int item in items)
        {
            if (item >= 0)
            {
                _placeOf[item] = 0;
            }
        }
    }
}

/// <summary>Parameters for turning a user's clicks into pairs.</summary>
public sealed record HistoryPairsParameters
{
    /// <summary>Number of latest items with a strictly smaller time that are searched for a target's partner.</summary>
    /// <value>At least 1. Default 50.</value>
    public int History { get; init; } = 50;

    /// <summary>The parameters for a kernel call.</summary>
    public JsonObject ToJson() => new() { ["history"] = History };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="ArgumentException">A key is missing or a value is below 1.</exception>
    public static HistoryPairsParameters FromJson(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        int history = json["history"]?.GetValue<int>()
            ?? throw new ArgumentException("the history-pairs call has no 'history'", nameof(json));
        return history >= 1
            ? new HistoryPairsParameters { History = history }
            : throw new ArgumentException($"history must be at least 1, not {history}", nameof(json));
    }
}

/// <summary>One user's clicks on distinct items, sorted by time and id.</summary>
public sealed class UserClicks
{
    private readonly List<int> _items = [];
    private readonly List<long> _times = [];
    private readonly List<int> _targets = [];

    /// <summary>The items as indices of the similarity table; -1 for an item that is not in it.</summary>
    public ReadOnlySpan<int> Items => CollectionsMarshal.AsSpan(_items);

    /// <summary>The time of each click.</summary>
    public ReadOnlySpan<long> Times => CollectionsMarshal.AsSpan(_times);

    /// <summary>Positions of the clicks that need a partner, ascending.</summary>
    public ReadOnlySpan<int> Targets => CollectionsMarshal.AsSpan(_targets);

    /// <summary>Adds a click.</summary>
    /// <exception cref="ArgumentException">The click is earlier than the previous one.</exception>
    public void Add(int item, long time, bool isTarget)
    {
        if (_times.Count > 0 && time < _times[^1])
        {
            throw new ArgumentException("the input of history-pairs is not sorted by (user_id, event_time, item_id)");
        }

        if (isTarget)
        {
            _targets.Add(_items.Count);
        }

        _items.Add(item);
        _times.Add(time);
    }

    /// <summary>Removes all clicks, before the next user.</summary>
    public void Clear()
    {
        _items.Clear();
        _times.Clear();
        _targets.Clear();
    }
}

/// <summary>Clicks without a pair, by reason. Clicks = pairs + the sum of the three counts.</summary>
public sealed class DroppedClicks
{
    /// <summary>The reason for <see cref="NoEarlierClick"/> in output rows.</summary>
    public const string NoEarlierClickReason = "no_earlier_click";

    /// <summary>The reason for <see cref="NoScoredPartner"/> in output rows.</summary>
    public const string NoScoredPartnerReason = "no_scored_partner";

    /// <summary>The reason for <see cref="OverTargets"/> in output rows.</summary>
    public const string OverTargetsReason = "over_targets";

    /// <summary>Targets without an earlier click of the user.</summary>
    public long NoEarlierClick { get; set; }

    /// <summary>Targets with a history in which no item has a score.</summary>
    public long NoScoredPartner { get; set; }

    /// <summary>Clicks older than the latest ones that may be targets.</summary>
    public long OverTargets { get; set; }

    /// <summary>The non-zero counts by reason.</summary>
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
