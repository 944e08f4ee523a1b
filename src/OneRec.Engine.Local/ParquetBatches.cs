using Apache.Arrow;
using Apache.Arrow.Ipc;
using OneRec.Parquet;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Engine.Local;

/// <summary>Reads a Parquet file in batches of bounded size, past DuckDB.</summary>
internal static class ParquetBatches
{
    /// <summary>Bytes of a batch, by the file's own average row (design: a record batch stays under 64 MiB).</summary>
    private const long BatchBytes = 16 << 20;

    private const int ReadBytes = 256 << 10;

    /// <summary>A file's batches in order; the caller disposes them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="groups">Row groups to read; null: all.</param>
    /// <param name="columns">Columns of values to read, as <see cref="ParquetLeaf.Index"/> counts them; null: all.</param>
    /// <exception cref="Core.OneRecException">Input error <c>input.parquet</c>: the file cannot be read.</exception>
    public static IEnumerable<RecordBatch> Read(string path, int[]? groups = null, int[]? columns = null)
    {
        using FileReader reader = Open(path);
        using IArrowArrayStream stream = reader.GetRecordBatchReader(groups, columns);
        while (Next(stream, path) is { } batch)
        {
            yield return batch;
        }
    }

    private static FileReader Open(string path) => ParquetError.Told(path, () =>
    {
        long rowBytes;
        using (var file = new ParquetFileReader(path))
        {
            long bytes = 0;
            for (int group = 0; group < file.FileMetaData.NumRowGroups; group++)
            {
                using RowGroupReader rows = file.RowGroup(group);
                bytes += rows.MetaData.TotalByteSize;
            }

            rowBytes = Math.Max(1, bytes / Math.Max(1, file.FileMetaData.NumRows));
        }

        // Without a buffered stream the library reads a column of a row group whole.
        using ReaderProperties source = ReaderProperties.GetDefaultReaderProperties();
        source.EnableBufferedStream();
        source.BufferSize = ReadBytes;
        using ArrowReaderProperties properties = ArrowReaderProperties.GetDefault();
        properties.BatchSize = Math.Clamp(BatchBytes / rowBytes, 1, 65_536);
        properties.PreBuffer = false;
        properties.UseThreads = false;
        return new FileReader(path, source, properties);
    });

    private static RecordBatch? Next(IArrowArrayStream stream, string path) =>
        ParquetError.Told(path, () => stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult());
}
