using ParquetSharp;

namespace OneRec.Delta;

/// <summary>What the Parquet library throws where a file is not to be read.</summary>
internal static class ParquetFailure
{
    /// <summary>Whether an exception of a read tells of the file, not of us.</summary>
    /// <remarks>Damaged pages come through Arrow's C stream interface, which throws the bare <see cref="Exception"/>.</remarks>
    public static bool IsOfFile(Exception e) => e is ParquetException or IOException || e.GetType() == typeof(Exception);
}
