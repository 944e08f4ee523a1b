using OneRec.Core;
using OneRec.Parquet;
using ParquetSharp;

namespace OneRec.Engine.Local.Vectors;

/// <summary>An open file of vectors.</summary>
/// <remarks>
/// Columns are read through a buffer of <see cref="ReadBytes"/>, so that only one page of a row group is held at a time,
/// however large the group is. (Without the buffer, the library reads a whole column of a group at once.)
/// </remarks>
internal sealed class VectorFile : IDisposable
{
    private const int ReadBytes = 256 << 10;

    private readonly ParquetFileReader _reader;
    private readonly long[] _ends;

    private VectorFile(string path, ParquetFileReader reader, VectorLayout layout)
    {
        Path = path;
        Layout = layout;
        _reader = reader;
        _ends = Ends(reader);
    }

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>The layout of its columns.</summary>
    public VectorLayout Layout { get; }

    /// <summary>Number of row groups.</summary>
    public int Groups => _ends.Length;

    /// <summary>Opens a file of a source and compares its columns with those of the source.</summary>
    /// <exception cref="OneRecException">Input error: the file cannot be read, or stores vectors differently than the first file.</exception>
    public static VectorFile Open(string path, VectorFiles source)
    {
        ParquetFileReader? reader = null;
        try
        {
            using ReaderProperties properties = ReaderProperties.GetDefaultReaderProperties();
            properties.EnableBufferedStream();
            properties.EnablePageChecksumVerification();
            properties.BufferSize = ReadBytes;
            reader = new ParquetFileReader(path, properties);
            VectorLayout layout = VectorLayout.Of(path, reader.FileMetaData.Schema, source.IdColumn, source.Column);
            layout.Require(path, source);
            return new VectorFile(path, reader, layout);
        }
        catch (Exception e)
        {
            reader?.Dispose();
            if (ParquetError.IsOfFile(e))
            {
                throw ParquetError.Of(path, e);
            }

            throw;
        }
    }

    /// <summary>Opens a row group; the caller disposes it.</summary>
    public RowGroupReader Group(int group) => _reader.RowGroup(group);

    /// <summary>Number of rows of the file before a row group.</summary>
    public long StartOf(int group) => group == 0 ? 0 : _ends[group - 1];

    /// <summary>The row group of a row; null if the file ends before it.</summary>
    public int? GroupOf(long row)
    {
        int group = System.Array.FindIndex(_ends, end => end > row);
        return group < 0 ? null : group;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private static long[] Ends(ParquetFileReader reader)
    {
        var ends = new long[reader.FileMetaData.NumRowGroups];
        long rows = 0;
        for (int group = 0; group < ends.Length; group++)
        {
            using RowGroupReader one = reader.RowGroup(group);
            rows += one.MetaData.NumRows;
            ends[group] = rows;
        }

        return ends;
    }
}
