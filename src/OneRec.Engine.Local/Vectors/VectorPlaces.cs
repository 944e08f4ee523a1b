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
        if (source.IdFile is not null)
        {
            foreach (RecordBatch places in MatrixIds.Places(source, id))
            {
                yield return places;
            }

            yield break;
        }

        Schema schema = VectorFiles.Places(id);
        for (int number = 0; number < source.Files.Count; number++)
        {
            using VectorFile file = VectorFile.Open(source.Files[number], source);
            RequireType(file, id);
            long first = 0;
            for (int group = 0; group < file.Groups; group++)
            {
                using RowGroupReader reader = file.Group(group);
                using var ids = new IdReader(file.Path, reader, file.Layout.Ids, source.LeavesOutNullIds);
                long end = first + reader.MetaData.NumRows;
                while (first < end)
                {
                    int rows = (int)Math.Min(BatchRows, end - first);
                    IArrowArray column = ParquetError.Wrap(file.Path, () => ids.Read(rows));
                    yield return Places(schema, column, number, first);
                    first += rows;
                }
            }
        }
    }

    // A row without an id has no place.
    private static RecordBatch Places(Schema schema, IArrowArray ids, int file, long first)
    {
        int[] rows = [.. Enumerable.Range(0, ids.Length).Where(i => !ids.IsNull(i))];
        var places = new Int64Array.Builder().Reserve(rows.Length);
        foreach (int i in rows)
        {
            places.Append(new VectorPlace(file, first + i).Number);
        }

        return new RecordBatch(schema, [rows.Length == ids.Length ? ids : Those(ids, rows), places.Build()], rows.Length);
    }

    private static IArrowArray Those(IArrowArray ids, int[] rows) => ids switch
    {
        Int64Array numbers => new Int64Array.Builder().AppendRange(rows.Select(i => numbers.GetValue(i)!.Value)).Build(),
        _ => rows.Aggregate(new StringArray.Builder(), (texts, i) => texts.Append(((StringArray)ids).GetBytes(i))).Build(),
    };

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
