using OneRec.Pipeline.Engine;
using ParquetSharp;

namespace OneRec.Pipeline.Inputs;

/// <summary>How large the rows of a source of vectors are, by the files' footers.</summary>
internal static class VectorRowBytes
{
    /// <summary>The largest of the row groups' mean bytes a row, uncompressed; 1 at least.</summary>
    /// <exception cref="Core.OneRecException">Input error <c>input.parquet</c>: a file cannot be read.</exception>
    public static long Largest(VectorSource source) => source.Files.Max(file => ParquetError.Told(file, () => Largest(file)));

    private static long Largest(string path)
    {
        using var file = new ParquetFileReader(path);
        long largest = 1;
        for (int group = 0; group < file.FileMetaData.NumRowGroups; group++)
        {
            using RowGroupReader rows = file.RowGroup(group);
            largest = Math.Max(largest, rows.MetaData.TotalByteSize / Math.Max(1, rows.MetaData.NumRows));
        }

        return largest;
    }
}
