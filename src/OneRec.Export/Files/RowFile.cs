using Apache.Arrow;
using OneRec.Core;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Export.Files;

/// <summary>Writes rows of any columns to one Parquet file, which is there whole or not at all.</summary>
public static class RowFile
{
    private const int GroupRows = 131_072;

    /// <summary>Requires that a file can be written, before rows are computed.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="overwrite">Whether a file may be there.</param>
    /// <exception cref="OneRecException">It is there, or a folder is, or there is no folder to put it in (exit 2).</exception>
    public static void Require(string path, bool overwrite)
    {
        if (Directory.Exists(path))
        {
            throw OneRecException.Configuration("sql.file", $"{path} is a folder; name a file");
        }

        if (!overwrite && (File.Exists(path) || new FileInfo(path).LinkTarget is not null))
        {
            throw OneRecException.Configuration("sql.file", $"{path} exists; name another file, or give --overwrite to replace it");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw OneRecException.Configuration("sql.file", $"{Path.GetDirectoryName(path)} is no folder; create it, or name another file");
        }
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="batches">The rows; each batch is disposed.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="OneRecException">As <see cref="Require"/>; or Parquet has no type for a column (exit 2).</exception>
    public static long Write(string path, Schema schema, IEnumerable<RecordBatch> batches, bool overwrite, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Require(path, overwrite);
        string part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            long rows = WriteRows(part, schema, batches, cancellation);
            using (FileStream written = new(part, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            Move(part, path, overwrite);
            return rows;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static long WriteRows(string part, Schema schema, IEnumerable<RecordBatch> batches, CancellationToken cancellation)
    {
        long rows = 0;
        using FileWriter writer = Open(part, schema);
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                cancellation.ThrowIfCancellationRequested();
                writer.WriteRecordBatch(batch, GroupRows);
                rows += batch.Length;
            }
        }

        writer.Close();
        return rows;
    }

    private static FileWriter Open(string part, Schema schema)
    {
        using var builder = new WriterPropertiesBuilder();
        builder.Compression(Compression.Snappy);
        using WriterProperties properties = builder.Build();
        using ArrowWriterProperties arrow = new ArrowWriterPropertiesBuilder().StoreSchema().UseThreads(false).Build();
        try
        {
            return new FileWriter(part, schema, properties, arrow);
        }
        catch (ParquetException e)
        {
            throw OneRecException.Configuration(
                "sql.parquet-type",
                $"Parquet has no type for a column of the query ({string.Join(", ", schema.FieldsList.Select(f => $"{f.Name} {f.DataType.Name}"))}); cast it to another type, such as VARCHAR",
                e);
        }
    }

    // Another program may have made the file in the meantime.
    private static void Move(string part, string path, bool overwrite)
    {
        try
        {
            File.Move(part, path, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            Require(path, overwrite);
            throw;
        }
    }
}
