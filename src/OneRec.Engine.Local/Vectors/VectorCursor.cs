using Apache.Arrow;
using OneRec.Core;
using OneRec.Parquet;

namespace OneRec.Engine.Local.Vectors;

/// <summary>
/// Reads a source of vectors forward, row by row. Files and row groups between two rows are not opened. Going back opens a row
/// group again.
/// </summary>
/// <param name="source">The source.</param>
internal sealed class VectorCursor(VectorFiles source) : IDisposable
{
    private VectorFile? _file;
    private int _number = -1;
    private IVectorReader? _group;

    /// <summary>The source.</summary>
    public VectorFiles Source => source;

    /// <summary>Bytes of vectors in the row groups opened so far; a group opened twice counts twice.</summary>
    public long Bytes { get; private set; }

    /// <summary>Reads a row.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="ids">Ids of the catalogue.</param>
    /// <param name="id">The index of the id that the row must have.</param>
    /// <param name="rows">Receives its vectors.</param>
    /// <exception cref="OneRecException">Input error: the file cannot be read, or has changed.</exception>
    /// <exception cref="OverflowException">The row is too large for <paramref name="rows"/>.</exception>
    public void Read(VectorPlace place, IArrowArray ids, int id, VectorRows rows)
    {
        string path = source.Files[place.File];
        try
        {
            if (_number != place.File || _group?.Reaches(place.Row) != true)
            {
                Open(place);
            }

            if (_group is null || !_group.TryRead(place.Row, ids, id, rows))
            {
                throw OneRecException.Input("input.changed", $"{path}: the file changed while it was read; run the step again");
            }
        }
        catch (Exception e) when (ParquetError.IsOfFile(e))
        {
            throw ParquetError.Of(path, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _group?.Dispose();
        _file?.Dispose();
    }

    private void Open(VectorPlace place)
    {
        _group?.Dispose();
        _group = null;
        if (source.IdFile is not null)
        {
            _number = place.File;
            _group = new MatrixRows(source);
            Bytes += _group.Bytes;
            return;
        }

        if (_number != place.File)
        {
            _file?.Dispose();
            _file = null;
            _number = place.File;
            _file = VectorFile.Open(source.Files[place.File], source);
        }

        if (_file!.GroupOf(place.Row) is { } group)
        {
            _group = new VectorRowGroup(_file, group, _file.StartOf(group));
            Bytes += _group.Bytes;
        }
    }
}
