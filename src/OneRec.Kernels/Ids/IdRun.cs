using Apache.Arrow;

namespace OneRec.Kernels.Ids;

/// <summary>Splits rows sorted by an id into runs of equal ids; a run may span batches.</summary>
public sealed class IdRun
{
    private byte[] _last = [];
    private int _length;
    private long _number;
    private bool _begun;

    /// <summary>Compares a row's id with the previous one and remembers it.</summary>
    /// <returns>0 within a run; above 0 if a greater id, or the first one, starts a run; below 0 if rows are out of order.</returns>
    /// <exception cref="ArgumentException">The id is null, or neither BIGINT nor STRING.</exception>
    public int Next(IArrowArray column, int row)
    {
        int order;
        if (column is Int64Array)
        {
            long id = IdColumn.Number(column, row);
            order = _begun ? id.CompareTo(_number) : 1;
            _number = id;
        }
        else
        {
            ReadOnlySpan<byte> id = IdColumn.Text(column, row);
            order = _begun ? id.SequenceCompareTo(_last.AsSpan(0, _length)) : 1;
            if (order != 0)
            {
                if (_last.Length < id.Length)
                {
                    _last = new byte[2 * id.Length];
                }

                id.CopyTo(_last);
                _length = id.Length;
            }
        }

        _begun = true;
        return order;
    }
}
