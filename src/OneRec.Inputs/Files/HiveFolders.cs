using OneRec.Core;

namespace OneRec.Inputs.Files;

/// <summary>Partition columns in folder names, as Hive and Spark write them: <c>day=2024-01-31/country=de/part.csv</c>.</summary>
internal static class HiveFolders
{
    /// <summary>Folder name for a null value.</summary>
    private const string Null = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>The partition columns of files below a root; null if there are none.</summary>
    /// <param name="key">The option, for messages.</param>
    /// <param name="root">Full path of the folder.</param>
    /// <param name="files">Full paths below it.</param>
    /// <exception cref="OneRecException">Folders of files name different columns, or a column twice (exit 3).</exception>
    public static FilePartitions? Of(string key, string root, IReadOnlyList<string> files)
    {
        (string Name, string? Value)[][] all = [.. files.Select(f => Parts(root, f))];
        string[] columns = [.. all[0].Select(p => p.Name)];
        for (int i = 0; i < all.Length; i++)
        {
            if (!all[i].Select(p => p.Name).SequenceEqual(columns, StringComparer.Ordinal))
            {
                throw OneRecException.Input(
                    "input.partitions",
                    $"{key}: the folders of {files[i]} name different columns from those of {files[0]}; use the same folder columns for all files");
            }
        }

        if (columns.GroupBy(c => c, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw OneRecException.Input("input.partitions", $"{key}: the folders of {files[0]} name column '{twice.Key}' twice");
        }

        return columns.Length == 0 ? null : new FilePartitions(root, columns, [.. all.Select(p => p.Select(v => v.Value).ToArray())]);
    }

    private static (string Name, string? Value)[] Parts(string root, string file)
    {
        string[] folders = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)[..^1];
        return [.. folders
            .Select(f => (Folder: f, At: f.IndexOf('=', StringComparison.Ordinal)))
            .Where(f => f.At > 0)
            .Select(f => (Uri.UnescapeDataString(f.Folder[..f.At]), Value(f.Folder[(f.At + 1)..])))];
    }

    private static string? Value(string text) => text is Null or "" ? null : Uri.UnescapeDataString(text);
}
