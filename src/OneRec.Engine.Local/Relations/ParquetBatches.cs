using Apache.Arrow;
using Apache.Arrow.Ipc;
using OneRec.Parquet;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Engine.Local.Relations;

/// <summary>Reads a Parquet file in batches of bounded size, without DuckDB.</summary>
internal static class ParquetBatches
{
    /// <summary>Bytes per batch, computed from the average row of the file (a record batch must stay under 64 MiB).</summary>
    private const long BatchBytes = 16 << 20;

    private const int ReadBytes = 256 << 10;

    /// <summary>The batches of a file in order; the caller disposes them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="groups">Row groups to read; null: all.</param>
    /// <param name="columns">Leaf columns to read, by <see cref="ParquetLeaf.Index"/>; null: all.</param>
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

    private static FileReader Open(string path) => ParquetError.Wrap(path, () =>
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

        // Without a buffered stream, the library reads a whole column of a row group at once.
        using ReaderProperties source = ReaderProperties.GetDefaultReaderProperties();
        source.EnableBufferedStream();
        source.EnablePageChecksumVerification();
        source.BufferSize = ReadBytes;
        using ArrowReaderProperties properties = ArrowReaderProperties.GetDefault();
        properties.BatchSize = Math.Clamp(BatchBytes / rowBytes, 1, 65_536);
        properties.PreBuffer = false;
        properties.UseThreads = false;
        return new FileReader(path, source, properties);
    });

    private static RecordBatch? Next(IArrowArrayStream stream, string path) =>
        ParquetError.Wrap(path, () => stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult());
}
