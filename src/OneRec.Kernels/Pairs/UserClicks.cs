using System.Runtime.InteropServices;

namespace OneRec.Kernels.Pairs;

/// <summary>One user's clicks, in the order of their time and id: those that may still be targets or in a history.</summary>
/// <param name="parameters">Valid parameters.</param>
internal sealed class UserClicks(HistoryPairsParameters parameters)
{
    /// <summary>Clicks held before any are forgotten, of those that a user's pairs may need: forgetting costs a copy.</summary>
    private const int Slack = 4;

    private readonly List<int> _items = [];
    private readonly List<long> _times = [];
    private readonly long _leastTrimmed = Slack * ((long)parameters.TargetsPerUser + parameters.History);
    private long _held;

    /// <summary>The items, as indices of the similarity table or -1.</summary>
    public ReadOnlySpan<int> Items => CollectionsMarshal.AsSpan(_items);

    /// <summary>The time of each.</summary>
    public ReadOnlySpan<long> Times => CollectionsMarshal.AsSpan(_times);

    /// <summary>Clicks that were forgotten: earlier than the user's latest that may be targets.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Adds a click.</summary>
    /// <exception cref="ArgumentException">It is earlier than the one before.</exception>
    public void Add(int item, long time)
    {
        if (_times.Count > 0 && time < _times[^1])
        {
            throw new ArgumentException("the input of history-pairs is not sorted by (user_id, event_time, item_id)");
        }

        _items.Add(item);
        _times.Add(time);
        if (_items.Count >= Math.Max(_leastTrimmed, 2 * _held))
        {
            Trim();
        }
    }

    /// <summary>Forgets them: the next user begins.</summary>
    public void Clear()
    {
        _items.Clear();
        _times.Clear();
        Forgotten = 0;
        _held = 0;
    }

    /// <summary>Forgets what stands before the history of the earliest target; later clicks only move that on.</summary>
    private void Trim()
    {
        int begin = Math.Max(0, _times.Count - parameters.TargetsPerUser);
        long time = _times[begin];
        while (begin > 0 && _times[begin - 1] == time)
        {
            begin--;
        }

        int unneeded = Math.Max(0, begin - parameters.History);
        _items.RemoveRange(0, unneeded);
        _times.RemoveRange(0, unneeded);
        Forgotten += unneeded;
        _held = _items.Count;
    }
}
