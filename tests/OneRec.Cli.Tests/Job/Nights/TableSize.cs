using OneRec.Delta;

namespace OneRec.Cli.Tests.Job.Nights;

/// <summary>The files of a table.</summary>
/// <param name="Live">Data files of the newest version.</param>
/// <param name="Data">Data files in the folder.</param>
/// <param name="Log">Commits, checkpoints and others in the log's folder.</param>
/// <param name="Bytes">Bytes of all of them.</param>
internal sealed record TableSize(int Live, int Data, int Log, long Bytes)
{
    /// <summary>All files.</summary>
    public int Files => Data + Log;

    /// <summary>The sizes of the tables in a folder, by name.</summary>
    public static SortedDictionary<string, TableSize> Of(string tables)
    {
        var sizes = new SortedDictionary<string, TableSize>(StringComparer.Ordinal);
        foreach (DirectoryInfo folder in new DirectoryInfo(tables).GetDirectories().Where(d => Directory.Exists(Path.Combine(d.FullName, "_delta_log"))))
        {
            FileInfo[] files = folder.GetFiles("*", SearchOption.AllDirectories);
            int log = files.Count(f => f.Directory!.Name == "_delta_log");
            sizes[folder.Name] = new TableSize(
                DeltaTable.At(folder.FullName).LatestSnapshot()!.Files.Count, files.Length - log, log, files.Sum(f => f.Length));
        }

        return sizes;
    }

    /// <summary>
    /// Files in the folder of tables that no table needs, such as what a killed run left; the lock and what <c>verify</c> knows
    /// are none. What a killed commit left in a table may stay as long as the retention.
    /// </summary>
    /// <param name="tables">The folder.</param>
    /// <param name="retained">The begin of the retention.</param>
    public static IReadOnlyList<string> LeftOvers(string tables, DateTimeOffset retained) =>
    [
        .. new DirectoryInfo(tables).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(f => Path.GetRelativePath(tables, f.FullName) is var name && name[0] is '.' or '_'
                ? name is not ".lock" && !name.StartsWith(".checksums", StringComparison.Ordinal)
                : f.Extension == ".tmp" && f.LastWriteTimeUtc < retained.UtcDateTime)
            .Select(f => f.FullName)
            .Order(StringComparer.Ordinal),
    ];
}
