using System.Runtime.InteropServices;
using Apache.Arrow;
using OneRec.Core;

namespace OneRec.Engine.Local.Vectors;

/// <summary>The rows of a NumPy matrix: one vector a row or, with three dimensions, several.</summary>
internal sealed class MatrixRows : IVectorReader
{
    private readonly NumPyFile _matrix;
    private readonly MatrixIds _ids;
    private readonly int _vectors;
    private readonly int _length;
    private byte[] _bytes;
    private float[] _floats = [];

    /// <summary>Opens the matrix of a source.</summary>
    /// <exception cref="OneRecException">The matrix or its ids cannot be read (exit 3).</exception>
    public MatrixRows(VectorFiles source)
    {
        _matrix = NumPyFile.Open(source.Files[0]);
        _ids = MatrixIds.Read(source);
        _vectors = _matrix.Shape.Count == 3 ? checked((int)_matrix.Shape[1]) : 1;
        _length = checked((int)_matrix.Shape[^1]);
        _bytes = new byte[checked(_vectors * _length * _matrix.Type.ItemBytes)];
    }

    /// <inheritdoc/>
    public long Bytes => _matrix.Shape[0] * _bytes.Length;

    /// <inheritdoc/>
    public bool Reaches(long row) => row < _matrix.Shape[0];

    /// <inheritdoc/>
    public bool TryRead(long row, IArrowArray ids, int id, VectorRows rows)
    {
        if (!_ids.Is(row, ids, id))
        {
            return false;
        }

        _matrix.Read(row * _vectors * _length, _bytes);
        switch (rows)
        {
            case ListRows<Half> halves:
                Add(halves, MemoryMarshal.Cast<byte, Half>(_bytes));
                break;
            case ListRows<float> floats when _matrix.Type.Size == sizeof(float):
                Add(floats, MemoryMarshal.Cast<byte, float>(_bytes));
                break;
            case ListRows<float> floats:
                ReadOnlySpan<double> doubles = MemoryMarshal.Cast<byte, double>(_bytes);
                _floats = _floats.Length == doubles.Length ? _floats : new float[doubles.Length];
                for (int i = 0; i < doubles.Length; i++)
                {
                    _floats[i] = (float)doubles[i];
                }

                Add(floats, _floats);
                break;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _matrix.Dispose();

    private void Add<T>(ListRows<T> rows, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        for (int v = 0; v < _vectors; v++)
        {
            rows.BeginVector(isNull: false);
            rows.Add(values.Slice(v * _length, _length));
        }

        rows.EndRow();
    }
}
