using System.Runtime.InteropServices;

namespace OneRec.Kernels.Pairs;

/// <summary>One user's clicks on distinct items, in the order of their time and id.</summary>
public sealed class UserClicks
{
    private readonly List<int> _items = [];
    private readonly List<long> _times = [];
    private readonly List<int> _targets = [];

    /// <summary>The items, as indices of the similarity table or -1 where it does not have the item.</summary>
    public ReadOnlySpan<int> Items => CollectionsMarshal.AsSpan(_items);

    /// <summary>The time of each.</summary>
    public ReadOnlySpan<long> Times => CollectionsMarshal.AsSpan(_times);

    /// <summary>Places of the clicks that want a partner, ascending.</summary>
    public ReadOnlySpan<int> Targets => CollectionsMarshal.AsSpan(_targets);

    /// <summary>Adds a click.</summary>
    /// <exception cref="ArgumentException">It is earlier than the one before.</exception>
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

    /// <summary>Forgets them: the next user begins.</summary>
    public void Clear()
    {
        _items.Clear();
        _times.Clear();
        _targets.Clear();
    }
}
