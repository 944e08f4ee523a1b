using Apache.Arrow;
using Apache.Arrow.Memory;
using Apache.Arrow.Types;

namespace OneRec.Engine.Local.Vectors;

/// <summary>Rows of vectors as lists of lists.</summary>
/// <param name="value">The Arrow type of a value.</param>
/// <param name="memory">Allocates the values of the arrays.</param>
/// <param name="most">Maximum number of bytes of values.</param>
internal sealed class ListRows<T>(IArrowType value, MemoryAllocator memory, int most) : VectorRows
    where T : unmanaged
{
    private readonly ListType _rowType = ListsOf(value);
    private readonly GrowingBuffer<T> _values = new(memory, most);
    private readonly List<int> _vectorEnds = [];
    private readonly List<int> _rowEnds = [];
    private readonly List<int> _nullValues = [];
    private readonly List<int> _nullVectors = [];
    private readonly List<int> _nullRows = [];

    /// <inheritdoc/>
    public override int Count => _rowEnds.Count;

    /// <inheritdoc/>
    public override long Bytes => _values.Bytes + (sizeof(int) * ((long)_vectorEnds.Count + _rowEnds.Count));

    /// <inheritdoc/>
    public override void AddNull()
    {
        _nullRows.Add(Count);
        EndRow();
    }

    /// <summary>Starts a vector of the row.</summary>
    public void BeginVector(bool isNull)
    {
        if (isNull)
        {
            _nullVectors.Add(_vectorEnds.Count);
        }

        _vectorEnds.Add(_values.Count);
    }

    /// <summary>Adds values to the vector.</summary>
    public void Add(ReadOnlySpan<T> values)
    {
        _values.Add(values);
        _vectorEnds[^1] = _values.Count;
    }

    /// <summary>Adds a null to the vector.</summary>
    public void AddNullValue()
    {
        _nullValues.Add(_values.Count);
        Add([default]);
    }

    /// <summary>Ends the row.</summary>
    public void EndRow() => _rowEnds.Add(_vectorEnds.Count);

    /// <inheritdoc/>
    public override IReadOnlyList<IArrowArray> Take(int rows)
    {
        int vectors = rows == 0 ? 0 : _rowEnds[rows - 1];
        int values = vectors == 0 ? 0 : _vectorEnds[vectors - 1];
        var vectorType = (ListType)_rowType.ValueDataType;
        List<int> nulls = Cut(_nullValues, values, values);
        var inner = new ArrayData(value, values, nulls.Count, 0, [Valid(values, nulls), _values.Take(values)]);
        nulls = Cut(_nullVectors, vectors, vectors);
        var middle = new ArrayData(
            vectorType, vectors, nulls.Count, 0, [Valid(vectors, nulls), Offsets(_vectorEnds, vectors)], [inner]);
        nulls = Cut(_nullRows, rows, rows);
        var outer = new ArrayData(_rowType, rows, nulls.Count, 0, [Valid(rows, nulls), Offsets(_rowEnds, rows)], [middle]);
        _vectorEnds.RemoveRange(0, vectors);
        Cut(_vectorEnds, 0, values);
        _rowEnds.RemoveRange(0, rows);
        Cut(_rowEnds, 0, vectors);
        return [ArrowArrayFactory.BuildArray(outer)];
    }
}
