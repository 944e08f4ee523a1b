using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Parquet;
using ParquetSharp;

namespace OneRec.Engine.Local.Vectors;

/// <summary>The ids of a source of vectors with their places; nothing else is read.</summary>
internal static class VectorPlaces
{
    private const int BatchRows = 65_536;

    /// <summary>Rows of <see cref="VectorFiles.Places"/> in the order of the source; the caller disposes them.</summary>
    /// <param name="source">The source.</param>
    /// <param name="id">The type of the catalogue's ids.</param>
    /// <exception cref="OneRecException">Input error: a file cannot be read, or an id is null or has the wrong type (exit 3).</exception>
    public static IEnumerable<RecordBatch> Read(VectorFiles source, IArrowType id)
    {
        Schema schema = VectorFiles.Places(id);
        for (int number = 0; number < source.Files.Count; number++)
        {
            using VectorFile file = VectorFile.Open(source.Files[number], source);
            RequireType(file, id);
            long first = 0;
            for (int group = 0; group < file.Groups; group++)
            {
                using RowGroupReader reader = file.Group(group);
                using var ids = new IdReader(file.Path, reader, file.Layout.Ids);
                long end = first + reader.MetaData.NumRows;
                while (first < end)
                {
                    int rows = (int)Math.Min(BatchRows, end - first);
                    IArrowArray column = ParquetError.Wrap(file.Path, () => ids.Read(rows));
                    yield return new RecordBatch(schema, [column, Places(number, first, rows)], rows);
                    first += rows;
                }
            }
        }
    }

    private static Int64Array Places(int file, long first, int rows)
    {
        var places = new Int64Array.Builder().Reserve(rows);
        for (int i = 0; i < rows; i++)
        {
            places.Append(new VectorPlace(file, first + i).Number);
        }

        return places.Build();
    }

    private static void RequireType(VectorFile file, IArrowType id)
    {
        (string theirs, string ours) = (file.Layout.Ids.IsText ? "STRING" : "BIGINT", id is StringType ? "STRING" : "BIGINT");
        if (theirs != ours)
        {
            throw OneRecException.Input(
                "input.id-type", $"{file.Path}: item_id is {theirs}, but the catalogue's is {ours}; write it as {ours}");
        }
    }
}
