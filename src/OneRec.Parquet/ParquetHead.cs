using System.Text.RegularExpressions;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using OneRec.Core;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Parquet;

/// <summary>Reads the footer of a Parquet file and its values as text.</summary>
public static class ParquetHead
{
    /// <summary>The columns and the number of rows.</summary>
    /// <param name="file">The file, for messages and, without a source, its path.</param>
    /// <param name="source">Opens a file that is on no disk of this machine; only its footer is read. Null: it is on one.</param>
    /// <exception cref="OneRecException">
    /// Input error <c>input.parquet</c>: the file is not a complete Parquet file.
    /// </exception>
    public static (Schema Columns, long Rows) Read(string file, Func<Stream>? source = null)
    {
        try
        {
            using FileReader reader = Open(file, source);
            return (reader.Schema, reader.ParquetReader.FileMetaData.NumRows);
        }
        catch (Exception e) when (e is ParquetException or IOException or UnauthorizedAccessException)
        {
            throw Broken(file, e);
        }
    }

    /// <summary>The values of a column as text, in file order, without nulls; empty for a column of lists.</summary>
    /// <param name="file">The file.</param>
    /// <param name="column">The column.</param>
    /// <param name="source">As in <see cref="Read"/>; batches are read as they are asked for.</param>
    public static IEnumerable<string> Texts(string file, string column, Func<Stream>? source = null)
    {
        using FileReader reader = Open(file, source);
        SchemaField? field = reader.SchemaManifest.SchemaFields.FirstOrDefault(f => f.Field.Name == column);
        if (field is null || field.Children.Count > 0)
        {
            yield break;
        }

        using IArrowArrayStream stream = reader.GetRecordBatchReader(null!, [field.ColumnIndex]);
        while (stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length && batch.Column(0) is StringArray or Int64Array or Int32Array or DoubleArray or FloatArray; row++)
                {
                    if (RowReader.Value(batch.Column(0), row) is { } value)
                    {
                        yield return Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!;
                    }
                }
            }
        }
    }

    /// <summary>Checks a file by reading all of its values, and the checksums of pages that have them.</summary>
    /// <exception cref="OneRecException">Input error <c>input.parquet</c>: a value cannot be read, or has an encoding that engines do not read.</exception>
    public static void RequireWhole(string file)
    {
        try
        {
            using ReaderProperties properties = ReaderProperties.GetDefaultReaderProperties();
            properties.EnablePageChecksumVerification();
            using var reader = new FileReader(file, properties);
            using IArrowArrayStream stream = reader.GetRecordBatchReader();
            while (stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
            {
                batch.Dispose();
            }

            RequireEncodings(file, reader.ParquetReader);
        }
        catch (Exception e) when (ParquetError.IsOfFile(e))
        {
            throw Broken(file, e);
        }
    }

    /// <summary>Opens a file by its path or, if it is on no disk of this machine, by its source.</summary>
    internal static FileReader Open(string file, Func<Stream>? source) =>
        source is null ? new FileReader(file) : new FileReader(source());

    /// <summary>Rejects an encoding that the engines read of other types only.</summary>
    private static void RequireEncodings(string file, ParquetFileReader reader)
    {
        for (int group = 0; group < reader.FileMetaData.NumRowGroups; group++)
        {
            using RowGroupReader rows = reader.RowGroup(group);
            for (int column = 0; column < rows.MetaData.NumColumns; column++)
            {
                using ColumnChunkMetaData chunk = rows.MetaData.GetColumnChunkMetaData(column);
                if (chunk.Encodings.Contains(Encoding.ByteStreamSplit) && chunk.Type is not (PhysicalType.Float or PhysicalType.Double))
                {
                    throw OneRecException.Input(
                        "input.parquet",
                        $"{file}: column '{reader.FileMetaData.Schema.Column(column).Path.ToDotString()}' is {chunk.Type.ToString().ToUpperInvariant()} in the encoding "
                            + "BYTE_STREAM_SPLIT, which engines read of FLOAT and DOUBLE only; write it in another encoding, such as PLAIN");
                }
            }
        }
    }

    // Arrow's stream over the C interface throws the base type Exception.
    private static OneRecException Broken(string file, Exception e) => OneRecException.Input(
        "input.parquet", $"{file} is not a complete Parquet file: it is truncated or damaged; copy or write it again", e);
}

/// <summary>Converts failures of the Parquet library to input errors that name the file.</summary>
public static partial class ParquetError
{
    /// <summary>Runs a function that reads a file.</summary>
    /// <exception cref="OneRecException">Input error <c>input.parquet</c>: the file cannot be read.</exception>
    public static T Wrap<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (IsOfFile(e))
        {
            throw Of(file, e);
        }
    }

    /// <summary>Whether a failure is caused by the file and not by a bug.</summary>
    /// <remarks>For damaged pages, Arrow's C stream interface throws a plain <see cref="Exception"/>.</remarks>
    public static bool IsOfFile(Exception e) =>
        e is ParquetException or IOException or InvalidDataException || e.GetType() == typeof(Exception);

    /// <summary>Creates the error.</summary>
    public static OneRecException Of(string file, Exception e) => OneRecException.Input(
        "input.parquet", $"{file}: cannot be read as Parquet ({Reason(e.Message.Split('\n')[0])}); copy or write it again", e);

    // The library puts the name of its C++ type around the text: N7parquet...E (message: '...').
    private static string Reason(string line) => NativeMessage().Match(line) is { Success: true } native ? native.Groups[1].Value : line;

    [GeneratedRegex(@"\AN\w+ \(message: '(.*?)'?\)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NativeMessage();
}
