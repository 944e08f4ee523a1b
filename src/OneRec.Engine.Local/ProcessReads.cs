using System.Globalization;

namespace OneRec.Engine.Local;

/// <summary>What this process has read, as Linux counts it in <c>/proc/self/io</c> (proc(5): <c>rchar</c>).</summary>
internal static class ProcessReads
{
    private const string File = "/proc/self/io";
    private const string Field = "rchar: ";

    /// <summary>Bytes that reads returned so far, from the page cache too; null where the system does not tell.</summary>
    public static long? Bytes()
    {
        try
        {
            string? line = OperatingSystem.IsLinux()
                ? System.IO.File.ReadLines(File).FirstOrDefault(l => l.StartsWith(Field, StringComparison.Ordinal))
                : null;
            return line is null ? null : long.Parse(line.AsSpan(Field.Length), NumberStyles.None, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // Some containers hide it.
        }
    }
}
