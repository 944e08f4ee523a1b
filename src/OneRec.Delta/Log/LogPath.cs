using System.Globalization;

namespace OneRec.Delta;

/// <summary>The file names of <c>_delta_log</c>.</summary>
internal static class LogPath
{
    /// <summary>The log's folder inside the table's folder.</summary>
    public const string Folder = "_delta_log";

    /// <summary>The file name of a version's commit: <c>00000000000000000012.json</c>.</summary>
    public static string Commit(long version) => version.ToString("D20", CultureInfo.InvariantCulture) + ".json";

    /// <summary>The file name of a version's checkpoint in one file.</summary>
    public static string Checkpoint(long version) => version.ToString("D20", CultureInfo.InvariantCulture) + ".checkpoint.parquet";

    /// <summary>A new name for a file of the log that is not complete.</summary>
    public static string NewTemporary() => $"_commit_{Guid.NewGuid():D}.json.tmp";

    /// <summary>Whether a file name is one of <see cref="NewTemporary"/>.</summary>
    public static bool IsTemporary(string name) =>
        name.StartsWith("_commit_", StringComparison.Ordinal) && name.EndsWith(".json.tmp", StringComparison.Ordinal);

    /// <summary>Parses the version from a commit's file name.</summary>
    public static bool TryCommit(string name, out long version)
    {
        version = -1;
        return name.Length == 25 && name.EndsWith(".json", StringComparison.Ordinal) && TryNumber(name.AsSpan(0, 20), out version);
    }

    /// <summary>
    /// Parses version, part and number of parts from a classic checkpoint's file name: <c>V.checkpoint.parquet</c> (part 1 of
    /// 1) or <c>V.checkpoint.PART.PARTS.parquet</c>.
    /// </summary>
    public static bool TryClassicCheckpoint(string name, out long version, out int part, out int parts)
    {
        (version, part, parts) = (-1, 1, 1);
        string[] pieces = name.Split('.');
        if (pieces is not [{ Length: 20 } number, "checkpoint", .., "parquet"] || !TryNumber(number, out version))
        {
            return false;
        }

        if (pieces.Length == 3)
        {
            return true;
        }

        if (pieces.Length == 5 && pieces[2].Length == 10 && pieces[3].Length == 10
            && TryNumber(pieces[2], out long p) && TryNumber(pieces[3], out long of)
            && of is > 0 and <= int.MaxValue && p >= 1 && p <= of)
        {
            (part, parts) = ((int)p, (int)of);
            return true;
        }

        return false;
    }

    /// <summary>Whether a file name is that of a V2 checkpoint, which requires the feature <c>v2Checkpoint</c>.</summary>
    public static bool IsV2Checkpoint(string name) =>
        name.Split('.') is [{ Length: 20 }, "checkpoint", { Length: 36 }, "json" or "parquet"];

    // Below the greatest, so that there is a next version.
    private static bool TryNumber(ReadOnlySpan<char> digits, out long number) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < long.MaxValue;
}
