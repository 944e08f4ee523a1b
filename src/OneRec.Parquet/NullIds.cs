using Apache.Arrow;
using Apache.Arrow.Ipc;
using OneRec.Core;
using ParquetSharp.Arrow;

namespace OneRec.Parquet;

/// <summary>Finds the first null of a column of ids, for the message.</summary>
public static class NullIds
{
    /// <summary>The error of the first null id: input error <c>input.null-key</c> with file and row.</summary>
    /// <param name="files">The files, of which one has a null id.</param>
    /// <param name="column">The column of ids.</param>
    public static OneRecException Error(IReadOnlyList<string> files, string column)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (string file in files)
        {
            if (ParquetError.Wrap(file, () => FirstNull(file, column)) is { } row)
            {
                return OneRecException.Input(
                    "input.null-key", $"{file}: row {row}: {column} is null; remove the row, or write its {column}");
            }
        }

        return OneRecException.Input("input.null-key", $"{files[0]}: {column} is null; remove the row, or write its {column}");
    }

    /// <summary>The number of the first row whose value is null, from 1; null if there is none.</summary>
    private static long? FirstNull(string file, string column)
    {
        using var reader = new FileReader(file);
        SchemaField field = reader.SchemaManifest.SchemaFields.First(f => f.Field.Name == column);
        using IArrowArrayStream stream = reader.GetRecordBatchReader(null!, [field.ColumnIndex]);
        long before = 0;
        while (stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
        {
            using (batch)
            {
                IArrowArray ids = batch.Column(0);
                for (int row = 0; ids.NullCount > 0 && row < batch.Length; row++)
                {
                    if (ids.IsNull(row))
                    {
                        return before + row + 1;
                    }
                }

                before += batch.Length;
            }
        }

        return null;
    }
}
