using Apache.Arrow;
using Apache.Arrow.Ipc;
using OneRec.Core;
using ParquetSharp.Arrow;

namespace OneRec.Parquet;

/// <summary>Finds the nulls of a column of ids, for messages and quarantine.</summary>
public static class NullIds
{
    /// <summary>The error of the first null id: input error <c>input.null-key</c> with file and row.</summary>
    /// <param name="files">The files, of which one has a null id.</param>
    /// <param name="column">The column of ids.</param>
    /// <param name="open">Opens a file that is on no disk of this machine; null: files are opened by path.</param>
    public static OneRecException Error(IReadOnlyList<string> files, string column, Func<string, Stream>? open = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach ((string file, long row) in Rows(files, column, open))
        {
            return OneRecException.Input(
                "input.null-key",
                $"{file}: row {row}: {column} is null; remove the row, write its {column}, or set input.badRows=quarantine");
        }

        return OneRecException.Input("input.null-key", $"{files[0]}: {column} is null; remove the row, or write its {column}");
    }

    /// <summary>The rows whose id is null: file and number of the row from 1, in the order of the files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="column">The column of ids.</param>
    /// <param name="open">Opens a file that is on no disk of this machine; null: files are opened by path.</param>
    /// <exception cref="OneRecException">Input error <c>input.parquet</c>: a file cannot be read.</exception>
    public static IEnumerable<(string File, long Row)> Rows(
        IReadOnlyList<string> files, string column, Func<string, Stream>? open = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (string file in files)
        {
            using FileReader reader = ParquetError.Wrap(file, () => ParquetHead.Open(file, open is null ? null : () => open(file)));
            SchemaField field = reader.SchemaManifest.SchemaFields.First(f => f.Field.Name == column);
            using IArrowArrayStream stream = reader.GetRecordBatchReader(null!, [field.ColumnIndex]);
            long before = 0;
            while (ParquetError.Wrap(file, () => stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult()) is { } batch)
            {
                using (batch)
                {
                    IArrowArray ids = batch.Column(0);
                    for (int row = 0; ids.NullCount > 0 && row < batch.Length; row++)
                    {
                        if (ids.IsNull(row))
                        {
                            yield return (file, before + row + 1);
                        }
                    }

                    before += batch.Length;
                }
            }
        }
    }
}
