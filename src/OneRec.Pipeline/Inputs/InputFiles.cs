using OneRec.Core;

namespace OneRec.Pipeline.Inputs;

/// <summary>The files that a path of the configuration names, in lexicographic order of their relative paths.</summary>
/// <param name="Key">The option, such as <c>input.items</c>.</param>
/// <param name="Root">The path as given: a file, or a folder.</param>
/// <param name="Files">Full paths, at least one.</param>
public sealed record InputFiles(string Key, string Root, IReadOnlyList<string> Files)
{
    /// <summary>CSV files.</summary>
    /// <param name="key">The option, for messages.</param>
    /// <param name="path">A file, or a folder searched in depth; names that start with <c>.</c> or <c>_</c> are left out.</param>
    /// <exception cref="OneRecException">The option is not set (exit 2); no such path, no CSV there (exit 3).</exception>
    public static InputFiles Csv(string key, string? path)
    {
        InputFiles found = Find(key, path, ".csv");
        foreach (string file in found.Files)
        {
            if (!file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            {
                throw OneRecException.Input(
                    "input.format", $"{key}: {file} is no .csv file; other formats are not read: convert it to CSV");
            }
        }

        return found;
    }

    /// <summary>Files of one extension.</summary>
    /// <param name="key">The option, for messages.</param>
    /// <param name="path">A file, whatever its extension, or a folder searched in depth.</param>
    /// <param name="extension">With its dot.</param>
    /// <exception cref="OneRecException">The option is not set (exit 2); no such path, nothing there (exit 3).</exception>
    public static InputFiles Find(string key, string? path, string extension)
    {
        if (path is null)
        {
            throw OneRecException.Configuration("input.not-set", $"{key} is not set; give it a file or folder");
        }

        if (File.Exists(path))
        {
            return new InputFiles(key, path, [path]);
        }

        if (!Directory.Exists(path))
        {
            throw OneRecException.Input("input.missing-file", $"{key}: there is no file or folder {path}");
        }

        string[] files = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(extension, StringComparison.OrdinalIgnoreCase) && !IsHidden(Path.GetRelativePath(path, f)))
            .OrderBy(f => Relative(path, f), StringComparer.Ordinal)];
        return files.Length > 0
            ? new InputFiles(key, path, files)
            : throw OneRecException.Input("input.missing-file", $"{key}: there is no {extension} file in folder {path}");
    }

    /// <summary>A file's name as versions and messages write it: relative to the root, with slashes.</summary>
    public string NameOf(string file) => file == Root ? Path.GetFileName(file) : Relative(Root, file);

    private static string Relative(string root, string file) =>
        Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');

    private static bool IsHidden(string relative) =>
        relative.Split(Path.DirectorySeparatorChar).Any(part => part[0] is '.' or '_');
}
