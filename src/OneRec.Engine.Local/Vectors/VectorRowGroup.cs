using Apache.Arrow;
using ParquetSharp;

namespace OneRec.Engine.Local.Vectors;

/// <summary>A row group of vectors, read row by row from its start.</summary>
internal sealed class VectorRowGroup : IVectorReader
{
    private readonly RowGroupReader _group;
    private readonly IdReader _ids;
    private readonly VectorColumn _vectors;
    private long _next;

    /// <summary>Opens the row group.</summary>
    /// <param name="file">The file.</param>
    /// <param name="group">The index of the group.</param>
    /// <param name="start">Number of rows of the file before it.</param>
    public VectorRowGroup(VectorFile file, int group, long start)
    {
        _group = file.Group(group);
        Start = _next = start;
        End = start + _group.MetaData.NumRows;
        Bytes = SizeOf(file.Layout.Vectors.Index);
        _ids = new IdReader(file.Path, _group, file.Layout.Ids);
        _vectors = file.Layout.Kind switch
        {
            VectorKind.HalfBytes => new BytesColumn(_group, file.Layout),
            VectorKind.Halves => new HalfListColumn(_group, file.Layout.Vectors),
            VectorKind.Doubles => new DoubleListColumn(_group, file.Layout.Vectors),
            _ => new FloatListColumn(_group, file.Layout.Vectors),
        };
    }

    /// <summary>The index of its first row in the file.</summary>
    public long Start { get; }

    /// <summary>The index of the row after its last.</summary>
    public long End { get; }

    /// <inheritdoc/>
    public long Bytes { get; }

    /// <inheritdoc/>
    public bool Reaches(long row) => row >= _next && row < End;

    /// <inheritdoc/>
    public bool TryRead(long row, IArrowArray ids, int id, VectorRows rows)
    {
        _ids.Skip(row - _next);
        _vectors.Skip(row - _next);
        _next = row + 1;
        if (!_ids.IsNext(ids, id))
        {
            return false;
        }

        _vectors.Read(rows);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ids.Dispose();
        _vectors.Dispose();
        _group.Dispose();
    }

    private long SizeOf(int column)
    {
        using ColumnChunkMetaData chunk = _group.MetaData.GetColumnChunkMetaData(column);
        return chunk.TotalCompressedSize;
    }
}
