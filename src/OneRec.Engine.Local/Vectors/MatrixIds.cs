using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Parquet;

namespace OneRec.Engine.Local.Vectors;

/// <summary>The ids of the rows of a NumPy matrix, held in memory.</summary>
internal sealed class MatrixIds
{
    private const int BatchRows = 65_536;

    private readonly NumPyIds _ids;

    private MatrixIds(NumPyIds ids) => _ids = ids;

    /// <summary>Reads the ids beside a matrix.</summary>
    /// <exception cref="OneRecException">They cannot be read (exit 3).</exception>
    public static MatrixIds Read(VectorFiles source) => new(NumPyIds.Read(source.IdFile!));

    /// <summary>Rows of <see cref="VectorFiles.Places"/> in the order of the matrix; the caller disposes them.</summary>
    /// <param name="source">The source.</param>
    /// <param name="id">The type of the catalogue's ids.</param>
    /// <exception cref="OneRecException">The ids cannot be read, or are of another type (exit 3).</exception>
    public static IEnumerable<RecordBatch> Places(VectorFiles source, IArrowType id)
    {
        var ids = NumPyIds.Read(source.IdFile!);
        ids.RequireType(id is Int64Type);
        Schema schema = VectorFiles.Places(id);
        for (int first = 0; first < ids.Count; first += BatchRows)
        {
            int rows = Math.Min(BatchRows, ids.Count - first);
            var places = new Int64Array.Builder().Reserve(rows);
            for (int row = first; row < first + rows; row++)
            {
                places.Append(new VectorPlace(0, row).Number);
            }

            yield return new RecordBatch(schema, [Keys(ids, id, first, rows), places.Build()], rows);
        }
    }

    /// <summary>Whether a row has an id of the catalogue.</summary>
    public bool Is(long row, IArrowArray ids, int id) => row < _ids.Count && ids switch
    {
        Int64Array numbers => _ids.Number(row) == numbers.GetValue(id),
        StringArray texts => _ids.Text(row) == texts.GetString(id),
        _ => false,
    };

    private static IArrowArray Keys(NumPyIds ids, IArrowType id, int first, int rows) => id is Int64Type
        ? new Int64Array.Builder().AppendRange(Enumerable.Range(first, rows).Select(r => ids.Number(r)!.Value)).Build()
        : new StringArray.Builder().AppendRange(Enumerable.Range(first, rows).Select(r => ids.Text(r))).Build();
}
