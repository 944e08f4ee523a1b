using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Training;

/// <summary>The worst-served rows of a pass, a bounded number, by (error descending, id ascending).</summary>
/// <remarks>What is kept does not depend on the order in which rows are offered.</remarks>
/// <param name="capacity">Rows kept, at least 0.</param>
public sealed class WorstServed(int capacity)
{
    private readonly SortedSet<WorstRow> _rows = new(WorstRow.WorstFirst);

    /// <summary>Rows kept at most.</summary>
    public int Capacity => capacity;

    /// <summary>The rows kept, worst first.</summary>
    public IEnumerable<WorstRow> Rows => _rows;

    /// <summary>Whether a row of this error could be kept; cheap, before its id is made.</summary>
    public bool Wants(double error) =>
        capacity > 0 && error > 0 && (_rows.Count < capacity || error >= _rows.Max!.Error);

    /// <summary>Offers a row; one without error is not worth keeping.</summary>
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
