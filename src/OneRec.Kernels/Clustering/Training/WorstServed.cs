using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Training;

/// <summary>The worst-served rows of a pass, up to a fixed number, by (error descending, id ascending).</summary>
/// <remarks>The rows kept do not depend on the order in which they are offered.</remarks>
/// <param name="capacity">Maximum rows to keep, at least 0.</param>
public sealed class WorstServed(int capacity)
{
    private readonly SortedSet<WorstRow> _rows = new(WorstRow.WorstFirst);

    /// <summary>Maximum rows to keep.</summary>
    public int Capacity => capacity;

    /// <summary>The rows kept, worst first.</summary>
    public IEnumerable<WorstRow> Rows => _rows;

    /// <summary>Whether a row with this error could be kept; a cheap check before its id is read.</summary>
    public bool Wants(double error) =>
        capacity > 0 && error > 0 && (_rows.Count < capacity || error >= _rows.Max!.Error);

    /// <summary>Offers a row; a row without error is never kept.</summary>
    public void Offer(double error, ItemId id, ReadOnlySpan<float> vector)
    {
        if (Wants(error) && (_rows.Count < capacity || _rows.Max!.Error < error || id < _rows.Max.Id))
        {
            Add(new WorstRow(error, id, vector.ToArray()));
        }
    }

    /// <summary>Offers the rows of another part of the pass.</summary>
    public void Merge(WorstServed other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (WorstRow row in other._rows.Where(r => Wants(r.Error)))
        {
            Add(row);
        }
    }

    private void Add(WorstRow row)
    {
        _rows.Add(row);
        if (_rows.Count > capacity)
        {
            _rows.Remove(_rows.Max!);
        }
    }
}

/// <summary>A row that is far from its nearest centroid.</summary>
/// <param name="Error">The distance to its centroid.</param>
/// <param name="Id">Its item id.</param>
/// <param name="Vector">[d].</param>
public sealed record WorstRow(double Error, ItemId Id, float[] Vector)
{
    /// <summary>Worst first: error descending, id ascending.</summary>
    public static IComparer<WorstRow> WorstFirst { get; } = Comparer<WorstRow>.Create((a, b) =>
    {
        int byError = b.Error.CompareTo(a.Error);
        return byError != 0 ? byError : a.Id.CompareTo(b.Id);
    });
}
