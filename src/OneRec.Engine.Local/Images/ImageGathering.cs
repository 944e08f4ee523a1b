using OneRec.Core;
using OneRec.Engine.Local.Vectors;

namespace OneRec.Engine.Local.Images;

/// <summary>Gathers the images of items from a stream of slices, in as many passes as the memory requires.</summary>
/// <param name="held">The rows of the items.</param>
/// <param name="counts">Number of images of each row.</param>
/// <param name="budget">Limit on the bytes of images of incomplete items; the oldest item may exceed it.</param>
internal sealed class ImageGathering(HeldRows held, int[] counts, long budget)
{
    // Rows with some of their images, oldest first; rows that were dropped wait for the next pass.
    private readonly LinkedList<Begun> _begun = new();
    private readonly Dictionary<int, LinkedListNode<Begun>> _byRow = [];
    private readonly HashSet<int> _later = [];
    private readonly HashSet<int> _done = [];
    private List<(int Row, byte[]?[]? Images)> _ready = [];
    private bool _first = true;
    private long _bytes;

    /// <summary>Bytes of images that are ready.</summary>
    public long ReadyBytes { get; private set; }

    /// <summary>Rows that are ready.</summary>
    public int ReadyRows => _ready.Count;

    /// <summary>Starts a pass over all files.</summary>
    /// <returns>False if nothing is left to read.</returns>
    public bool Begin()
    {
        bool any = _first ? counts.Any(c => c > 0) : _later.Count > 0;
        _first = false;
        _later.Clear();
        return any;
    }

    /// <summary>Adds the images of a slice.</summary>
    /// <exception cref="OneRecException">An item has two images at one position (exit 3).</exception>
    public void Take(ImageSlice slice)
    {
        for (int i = 0; i < slice.Count; i++)
        {
            if (slice.Row(held, i) is { } row && !_later.Contains(row) && !_done.Contains(row))
            {
                Take(row, slice.Position(i), slice.Image(i), slice.File);
            }
        }
    }

    /// <summary>The rows that are complete; each is returned once.</summary>
    public List<(int Row, byte[]?[]? Images)> Ready()
    {
        List<(int, byte[]?[]?)> ready = _ready;
        _ready = [];
        ReadyBytes = 0;
        return ready;
    }

    /// <summary>The rows without images.</summary>
    public IEnumerable<int> Without() => Enumerable.Range(0, counts.Length).Where(row => counts[row] == 0);

    private void Take(int row, long position, byte[]? image, string file)
    {
        if (!_byRow.TryGetValue(row, out LinkedListNode<Begun>? begun))
        {
            begun = _begun.AddLast(new Begun(row, []));
            _byRow.Add(row, begun);
        }

        if (!begun.Value.Images.TryAdd(position, image))
        {
            throw OneRecException.Input(
                "input.duplicate-image",
                $"{file}: item {held.IdText(row)} has two images at position {position}; positions of an item must be unique");
        }

        _bytes += image?.Length ?? 0;
        if (begun.Value.Images.Count == counts[row])
        {
            Complete(begun);
        }

        while (_bytes > budget && _begun.Count > 1)
        {
            LetGo(_begun.Last!);
        }
    }

    private void Complete(LinkedListNode<Begun> begun)
    {
        _ready.Add((begun.Value.Row, [.. begun.Value.Images.Values]));
        _done.Add(begun.Value.Row);
        ReadyBytes += begun.Value.Bytes;
        Remove(begun);
    }

    private void LetGo(LinkedListNode<Begun> begun)
    {
        _later.Add(begun.Value.Row);
        Remove(begun);
    }

    private void Remove(LinkedListNode<Begun> begun)
    {
        _bytes -= begun.Value.Bytes;
        _byRow.Remove(begun.Value.Row);
        _begun.Remove(begun);
    }

    private sealed record Begun(int Row, SortedDictionary<long, byte[]?> Images)
    {
        public long Bytes => Images.Values.Sum(i => (long)(i?.Length ?? 0));
    }
}
