using System.Runtime.InteropServices;

namespace OneRec.Kernels.Pairs;

/// <summary>One user's clicks, in the order of their time and id.</summary>
internal sealed class UserClicks
{
    private readonly List<int> _items = [];
    private readonly List<long> _times = [];

    /// <summary>The items, as indices of the similarity table or -1.</summary>
    public ReadOnlySpan<int> Items => CollectionsMarshal.AsSpan(_items);

    /// <summary>The time of each.</summary>
    public ReadOnlySpan<long> Times => CollectionsMarshal.AsSpan(_times);

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
    }

    /// <summary>Forgets them: the next user begins.</summary>
    public void Clear()
    {
        _items.Clear();
        _times.Clear();
    }
}
