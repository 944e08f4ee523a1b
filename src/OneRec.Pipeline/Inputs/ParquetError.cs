using OneRec.Core;
using ParquetSharp;

namespace OneRec.Pipeline.Inputs;

/// <summary>Failures of the Parquet library as input errors that name the file.</summary>
internal static class ParquetError
{
    /// <summary>Runs a read of a file.</summary>
    /// <exception cref="OneRecException">Input error <c>input.parquet</c>: the file cannot be read.</exception>
    public static T Told<T>(string file, Func<T> read)
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

    /// <summary>Whether a failure tells of the file, not of us.</summary>
    /// <remarks>Damaged pages come through Arrow's C stream interface, which throws the bare <see cref="Exception"/>.</remarks>
    public static bool IsOfFile(Exception e) =>
        e is ParquetException or IOException or InvalidDataException || e.GetType() == typeof(Exception);

    /// <summary>The error.</summary>
    public static OneRecException Of(string file, Exception e) => OneRecException.Input(
        "input.parquet", $"{file}: cannot be read as Parquet ({e.Message.Split('\n')[0]})", e);
}
