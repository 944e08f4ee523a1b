using OneRec.Core;
using OneRec.Csv.Files;
using OneRec.Inputs.Options;

namespace OneRec.Inputs.Files;

/// <summary>The files that a path of the configuration names, in lexicographic order of their relative paths.</summary>
/// <param name="Key">The option, such as <c>input.items</c>.</param>
/// <param name="Root">The path as given: a file, a folder, or a pattern of them.</param>
/// <param name="Files">Full paths, at least one; none for a Delta table, whose log lists them.</param>
public sealed record InputFiles(string Key, string Root, IReadOnlyList<string> Files)
{
    private const int NamesShown = 5;

    private static readonly (string Extension, InputFormat Format)[] Extensions =
    [
        (".csv", InputFormat.Csv), (".csv.gz", InputFormat.Csv), (".parquet", InputFormat.Parquet),
    ];

    /// <summary>Format of the files.</summary>
    public InputFormat Format { get; init; }

    /// <summary>The inputs that this one joins, if the option has a list of paths; otherwise empty.</summary>
    public IReadOnlyList<InputFiles> Parts { get; init; } = [];

    /// <summary>Partition columns in folder names; null: none.</summary>
    public FilePartitions? Partitions { get; init; }

    /// <summary>Files of the folder with other extensions: they are not read. Relative paths in lexicographic order.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>A line for people about <see cref="PassedOver"/>; null if every file is read.</summary>
    public string? PassedOverNotice => PassedOver.Count == 0 ? null
        : $"{Root}: {PassedOver.Count} {(PassedOver.Count == 1 ? "file is" : "files are")} not read because of the name: "
            + string.Join(", ", PassedOver.Take(NamesShown)) + (PassedOver.Count > NamesShown ? ", ..." : "");

    /// <summary>The first file, or the folder of a Delta table; for messages about the whole input.</summary>
    public string First => Files.Count > 0 ? Files[0] : Root;

    /// <summary>Finds the files of an input with one path or several.</summary>
    /// <param name="key">The option, for messages.</param>
    /// <param name="paths">The paths, each as in <see cref="Open"/>.</param>
    /// <exception cref="OneRecException">As for one path; or two paths have different formats (exit 3).</exception>
    public static InputFiles OpenAll(string key, InputPaths? paths) => paths is null || paths.All.Count == 1
        ? Open(key, paths?.All[0])
        : SeveralInputs.Join(key, [.. paths.All.Select(p => Open(key, p))]);

    /// <summary>Finds the files of an input; their names determine the format.</summary>
    /// <param name="key">The option, for messages.</param>
    /// <param name="path">
    /// A file; a folder, searched recursively except for names that start with <c>.</c> or <c>_</c>; a Delta table; or a pattern.
    /// </param>
    /// <exception cref="OneRecException">
    /// The option is not set (exit 2); the path does not exist, or has no file of a known format, or files of two (exit 3).
    /// </exception>
    public static InputFiles Open(string key, string? path)
    {
        if (path is null)
        {
            throw OneRecException.Configuration("input.not-set", $"{key} is not set; give it a file or folder");
        }

        // An existing path is not a pattern, whatever its characters.
        if (File.Exists(path))
        {
            return new InputFiles(key, path, [path])
            {
                Format = FormatOf(path) ?? throw OneRecException.Input(
                    "input.format", $"{key}: {path} is not a {Names()} file; rename or convert it"),
            };
        }

        bool pattern = !Directory.Exists(path) && Glob.IsPattern(path);
        IReadOnlyList<string> roots = pattern ? Glob.Match(path) : [path];
        if (!pattern && !Directory.Exists(path))
        {
            throw OneRecException.Input("input.missing-file", $"{key}: there is no file or folder {path}");
        }

        if (roots.FirstOrDefault(IsDelta) is { } table)
        {
            return roots.Count == 1
                ? new InputFiles(key, table, []) { Format = InputFormat.Delta }
                : throw OneRecException.Input(
                    "input.format", $"{key}: {path} matches a Delta table ({table}) and {roots.Count - 1} more; name one table");
        }

        string root = pattern ? Glob.Base(path) : path;
        return Of(key, path, root, roots, pattern);
    }

    /// <summary>Finds the files with an extension.</summary>
    /// <param name="key">The option, for messages.</param>
    /// <param name="path">A file with any extension, or a folder that is searched recursively.</param>
    /// <param name="extension">With its dot.</param>
    /// <exception cref="OneRecException">The option is not set (exit 2); the path does not exist or has no such file (exit 3).</exception>
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

        bool IsWanted(string file) => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
        string[] all = [.. new FolderWalk(IsWanted).Files(path).OrderBy(f => Relative(path, f), StringComparer.Ordinal)];
        string[] files = [.. all.Where(IsWanted)];
        return files.Length > 0
            ? new InputFiles(key, path, files) { PassedOver = [.. all.Except(files).Select(f => Relative(path, f))] }
            : throw OneRecException.Input("input.missing-file", $"{key}: there is no {extension} file in folder {path}");
    }

    /// <summary>The format of a file by its name; null if unknown.</summary>
    public static InputFormat? FormatOf(string file)
    {
        foreach ((string extension, InputFormat format) in Extensions)
        {
            if (file.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return format;
            }
        }

        return null;
    }

    /// <summary>Whether a folder is a Delta table.</summary>
    public static bool IsDelta(string folder) => Directory.Exists(Path.Combine(folder, "_delta_log"));

    /// <summary>A file to be read as CSV.</summary>
    internal CsvFile Csv(string file) => new(file, []);

    /// <summary>A file's name in versions and messages: relative to the root, with slashes.</summary>
    /// <remarks>With several paths, the index of the path comes first.</remarks>
    public string NameOf(string file) => Parts.Select((p, i) => (Part: p, Index: i)).FirstOrDefault(p => p.Part.Files.Contains(file)) is { Part: { } part } at
            ? $"{at.Index}/{part.NameOf(file)}"
        : file == Root ? Path.GetFileName(file)
        : Relative(Glob.IsPattern(Root) && !Directory.Exists(Root) ? Glob.Base(Root) : Root, file);

    /// <summary>A subset of the files.</summary>
    /// <param name="indexes">Their indexes, ascending.</param>
    internal InputFiles Some(IReadOnlyList<int> indexes) => this with
    {
        Files = [.. indexes.Select(p => Files[p])],
        Partitions = Partitions is null ? null : Partitions with { Values = [.. indexes.Select(p => Partitions.Values[p])] },
    };

    private static InputFiles Of(string key, string path, string root, IReadOnlyList<string> roots, bool pattern)
    {
        var walk = new FolderWalk(f => FormatOf(f) is not null);
        string[] all = [.. walk.Distinct(roots.SelectMany(r => Directory.Exists(r) ? walk.Files(r) : [r]))
            .OrderBy(f => Relative(root, f), StringComparer.Ordinal)];
        string[] files = [.. all.Where(f => FormatOf(f) is not null)];
        if (files.Length == 0)
        {
            throw OneRecException.Input("input.missing-file", pattern
                ? $"{key}: no {Names()} file matches {path}"
                : $"{key}: there is no {Names()} file in folder {path}");
        }

        InputFormat format = FormatOf(files[0])!.Value;
        return files.FirstOrDefault(f => FormatOf(f) != format) is { } other
            ? throw OneRecException.Input(
                "input.format", $"{key}: {files[0]} and {other} have different formats; convert one of them")
            : new InputFiles(key, path, files)
            {
                Format = format,
                Partitions = HiveFolders.Of(key, root, files),
                PassedOver = [.. all.Except(files).Select(f => Relative(root, f))],
            };
    }

    private static string Names() => ".csv, .csv.gz or .parquet";

    private static string Relative(string root, string file) =>
        Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');
}

/// <summary>Format of an input.</summary>
public enum InputFormat
{
    /// <summary>RFC 4180 text with a header, <c>.csv</c> or <c>.csv.gz</c>.</summary>
    Csv,

    /// <summary>Apache Parquet, <c>.parquet</c>.</summary>
    Parquet,

    /// <summary>A folder with a <c>_delta_log</c>.</summary>
    Delta,
}
