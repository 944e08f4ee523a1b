namespace OneRec.Csv.Records;

/// <summary>What a file's name says of its compression.</summary>
public static class CompressedName
{
    private const string Gzip = ".gz";
    private const string Zstandard = ".zst";

    /// <summary>Whether a file is gzip.</summary>
    public static bool IsGzip(string name) => Ends(name, Gzip);

    /// <summary>Whether a file is Zstandard.</summary>
    public static bool IsZstandard(string name) => Ends(name, Zstandard);

    /// <summary>A file's name without the extension of its compression.</summary>
    public static string Without(string name) =>
        IsGzip(name) ? name[..^Gzip.Length] : IsZstandard(name) ? name[..^Zstandard.Length] : name;

    private static bool Ends(string name, string extension)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
    }
}
