using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using OneRec.Core;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Pipeline.Engines.Local;

/// <summary>Reads a Parquet file in batches of bounded size, past DuckDB.</summary>
internal static class ParquetBatches
{
    /// <summary>Bytes of a batch, by the file's own average row (design: a record batch stays under 64 MiB).</summary>
    private const long BatchBytes = 16 << 20;

    /// <summary>A file's batches in order; the caller disposes them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Leaf columns to read; null: all.</param>
    /// <exception cref="OneRecException">Input error <c>input.parquet</c>: the file cannot be read.</exception>
    public static IEnumerable<RecordBatch> Read(string path, int[]? columns = null)
    {
        using FileReader reader = Open(path);
        using IArrowArrayStream stream = reader.GetRecordBatchReader(columns: columns);
        while (Next(stream, path) is { } batch)
        {
            yield return batch;
        }
    }

    /// <summary>A file's Arrow schema.</summary>
    public static Schema SchemaOf(string path)
    {
        using FileReader reader = Open(path);
        return reader.Schema;
    }

    /// <summary>Leaf columns of a column's type.</summary>
    public static int LeafCount(IArrowType type) => type is NestedType nested ? nested.Fields.Sum(f => LeafCount(f.DataType)) : 1;

    private static FileReader Open(string path)
    {
        try
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

            using ArrowReaderProperties properties = ArrowReaderProperties.GetDefault();
            properties.BatchSize = Math.Clamp(BatchBytes / rowBytes, 1, 65_536);
            properties.PreBuffer = false;
            properties.UseThreads = false;
            return new FileReader(path, arrowProperties: properties);
        }
        catch (ParquetException failure)
        {
            throw Refuse(path, failure);
        }
    }

    private static RecordBatch? Next(IArrowArrayStream stream, string path)
    {
        try
        {
            return stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is ParquetException or IOException or InvalidDataException)
        {
            throw Refuse(path, failure);
        }
    }

    private static OneRecException Refuse(string path, Exception failure) => OneRecException.Input(
        "input.parquet",
        $"{path}: cannot be read as Parquet ({failure.Message.Split('\n')[0]})",
        failure);
}
