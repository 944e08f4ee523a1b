using OneRec.Core;
using OneRec.Csv.Files;
using OneRec.Csv.Records;
using OneRec.Delta;
using OneRec.Inputs.Options;

namespace OneRec.Inputs.Files;

/// <summary>The files that a path of the configuration names, in lexicographic order of their relative paths.</summary>
/// <param name="Key">The option, such as <c>input.items</c>.</param>
/// <param name="Root">The path as given: a file, a folder, or a pattern of them; or the name of a table.</param>
/// <param name="Files">Full paths, at least one; none for a table, which lists them itself.</param>
public sealed record InputFiles(string Key, string Root, IReadOnlyList<string> Files)
{
    private const int NamesShown = 5;

    // In a folder, only these are surely data.
    private static readonly (string Extension, InputFormat Format)[] Extensions =
    [
        (".csv", InputFormat.Csv), (".tsv", InputFormat.Csv), (".jsonl", InputFormat.Json), (".ndjson", InputFormat.Json), (".parquet", InputFormat.Parquet),
    ];

    private static readonly (string Extension, InputFormat Format)[] NamedExtensions =
    [
        .. Extensions,
        .. new[] { ".dat", ".data", ".txt", ".inter", ".item", ".tab", ".psv", ".log" }.Select(e => (e, InputFormat.Csv)),
        (".json", InputFormat.Json),
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

    /// <summary>The table that the engine looks up instead of files; null: there is none.</summary>
    public StoredTable? Table { get; init; }

    /// <summary>The folder that relative names start from: that of the file, the folder itself, or the one above a pattern.</summary>
    public string Folder { get; private init; } = Root;

    /// <summary>The file system.</summary>
    internal IInputStore Store { get; init; } = LocalInputs.Instance;

    /// <summary>Finds the files of an input with one path or several.</summary>
    /// <param name="store">The file systems and catalogs of the engine.</param>
    /// <param name="key">The option, for messages.</param>
    /// <param name="paths">The paths, each as in <see cref="Open(IInputStore, string, string?)"/>.</param>
    /// <exception cref="OneRecException">As for one path; or two paths have different formats (exit 3).</exception>
    public static InputFiles OpenAll(IInputStore store, string key, InputPaths? paths) => paths is null || paths.All.Count == 1
        ? Open(store, key, paths?.All[0])
        : SeveralInputs.Join(key, [.. paths.All.Select(p => Open(store, key, p))]);

    /// <summary>Finds the files of an input; their names determine the format.</summary>
    /// <param name="store">The file systems and catalogs of the engine.</param>
    /// <param name="key">The option, for messages.</param>
    /// <param name="name">
    /// A file; a folder, searched recursively except for names that start with <c>.</c> or <c>_</c>; a Delta table; a pattern; or, if
    /// there is no such path, a table of a catalog.
    /// </param>
    /// <exception cref="OneRecException">
    /// The option is not set, or the engine does not read such names (exit 2); there is nothing of that name, or no file of a known
    /// format, or files of two (exit 3).
    /// </exception>
    public static InputFiles Open(IInputStore store, string key, string? name)
    {
        ArgumentNullException.ThrowIfNull(store);
        string path = Full(store, key, name);
        return WithOption(key, () => Open(store, key, path, store.Find(path)));
    }

    /// <summary>Finds the files with an extension.</summary>
    /// <param name="store">The file systems of the engine.</param>
    /// <param name="key">The option, for messages.</param>
    /// <param name="name">A file with any extension, or a folder that is searched recursively.</param>
    /// <param name="extension">With its dot.</param>
    /// <exception cref="OneRecException">
    /// The option is not set, or the engine does not read such names (exit 2); the path does not exist or has no such file (exit 3).
    /// </exception>
    public static InputFiles Find(IInputStore store, string key, string? name, string extension)
    {
        ArgumentNullException.ThrowIfNull(store);
        string path = Full(store, key, name);
        return WithOption(key, () => Find(store, key, path, store.Find(path), extension));
    }

    /// <summary>The format of a file of a folder, by its name; null if it is not read.</summary>
    public static InputFormat? FormatOf(string file) => FormatOf(file, Extensions) ?? (IsPartOfJson(file) ? InputFormat.Json : null);

    /// <summary>The format of a file that the user names, by its name; null if unknown.</summary>
    public static InputFormat? FormatOfNamed(string file) => FormatOf(file, NamedExtensions);

    /// <summary>Whether a folder is a Delta table.</summary>
    public static bool IsDelta(IInputStore store, string folder)
    {
        ArgumentNullException.ThrowIfNull(store);
        // Some file systems refuse to look below a file.
        return store.Find(folder) is { IsFolder: true } && store.Find(Path.Combine(folder, "_delta_log")) is { IsFolder: true };
    }

    /// <summary>A file's name in versions and messages: relative to the root, with slashes.</summary>
    /// <remarks>With several paths, the index of the path comes first.</remarks>
    public string NameOf(string file) => Parts.Select((p, i) => (Part: p, Index: i)).FirstOrDefault(p => p.Part.Files.Contains(file)) is { Part: { } part } at
            ? $"{at.Index}/{part.NameOf(file)}"
        : file == Root ? Path.GetFileName(file)
        : Relative(Folder, file);

    /// <summary>Whether the files are on disks of this machine, so that it may read them whole.</summary>
    internal bool AreLocal => !SourceName.IsUri(Root);

    /// <summary>A file to be read as text.</summary>
    internal CsvFile Text(string file) => new(file, []) { Source = () => Store.Open(file) };

    /// <summary>Opens a file that is on no disk of this machine; null if it is on one, where libraries open it by its path.</summary>
    internal Func<Stream>? Source(string file) => AreLocal ? null : () => Store.Open(file);

    /// <summary>Checks that no page of a Parquet file inflates to far more than its size. A file at a URI is not read for it.</summary>
    /// <exception cref="OneRecException">A page does (exit 3).</exception>
    internal void RequireNoBombs(string file)
    {
        if (AreLocal)
        {
            PageBombs.Require(file);
        }
    }

    /// <summary>Checks that every file is still there, after an engine failed to read one.</summary>
    /// <exception cref="OneRecException">A file is not (exit 3).</exception>
    internal void RequireThere()
    {
        if (Files.FirstOrDefault(f => Store.Find(f) is null) is { } gone)
        {
            throw Gone(gone);
        }
    }

    /// <summary>The error of a file that was there when the files were listed.</summary>
    internal OneRecException Gone(string file) =>
        OneRecException.Input("input.missing-file", $"{Key}: {file} is no longer there; run the command again");

    /// <summary>A subset of the files.</summary>
    /// <param name="indexes">Their indexes, ascending.</param>
    internal InputFiles Some(IReadOnlyList<int> indexes) => this with
    {
        Files = [.. indexes.Select(p => Files[p])],
        Partitions = Partitions is null ? null : Partitions with { Values = [.. indexes.Select(p => Partitions.Values[p])] },
    };

    private static string Full(IInputStore store, string key, string? name)
    {
        if (name is null)
        {
            throw OneRecException.Configuration("input.not-set", $"{key} is not set; give it a file or folder");
        }

        // A name without a scheme may be a wrong path, which is an error of the input.
        return store.WhyNot(name) is { } why
            ? throw new OneRecException(
                SourceName.IsUri(name) ? ErrorKind.Configuration : ErrorKind.Input, "input.spark-only", $"{key}: {name} {why}")
            : WithOption(key, () => store.Full(name));
    }

    private static InputFiles Open(IInputStore store, string key, string path, StoredFile? found)
    {
        // An existing path is not a pattern, whatever its characters.
        if (found is { IsFolder: false })
        {
            return new InputFiles(key, path, [path])
            {
                Folder = Path.GetDirectoryName(path) ?? path,
                Store = store,
                Format = FormatOfNamed(path) ?? throw OneRecException.Input(
                    "input.format", $"{key}: {path} is not a {Names()} file; rename or convert it"),
            };
        }

        bool pattern = found is null && Glob.IsPattern(path);
        if (!pattern && found is null)
        {
            return SourceName.IsTable(path) ? OfTable(store, key, path)
                : throw OneRecException.Input("input.missing-file", $"{key}: there is no file or folder {path}");
        }

        IReadOnlyList<string> roots = pattern ? Glob.Match(store, path) : [path];
        if (roots.FirstOrDefault(r => IsDelta(store, r)) is { } table)
        {
            return roots.Count == 1
                ? new InputFiles(key, table, []) { Format = InputFormat.Delta, Store = store, Table = store.DeltaTable(table) }
                : throw OneRecException.Input(
                    "input.format", $"{key}: {path} matches a Delta table ({table}) and {roots.Count - 1} more; name one table");
        }

        return Of(store, key, path, pattern ? Glob.Base(path) : path, roots);
    }

    private static InputFiles OfTable(IInputStore store, string key, string name) => store.FindTable(name) is { } table
        ? new InputFiles(key, name, []) { Format = InputFormat.Table, Store = store, Table = table }
        : throw OneRecException.Input(
            "input.missing-file", $"{key}: there is no file or folder {name}, and no table {name} in the catalogs of Spark; correct one or create it");

    private static InputFiles Of(IInputStore store, string key, string path, string folder, IReadOnlyList<string> roots)
    {
        // A pattern with an extension names its files.
        Func<string, InputFormat?> formatOf = folder != path && FormatOfNamed(path) is not null ? FormatOfNamed : FormatOf;
        var walk = new FolderWalk(store, f => formatOf(f) is not null);
        string[] all = [.. walk.Distinct(roots.SelectMany(r => store.Find(r) is { IsFolder: true } ? walk.Files(r) : [r]))
            .OrderBy(f => Relative(folder, f), StringComparer.Ordinal)];
        string[] files = [.. all.Where(f => formatOf(f) is not null)];
        if (files.Length == 0)
        {
            throw OneRecException.Input("input.missing-file", folder != path
                ? $"{key}: no {Names()} file matches {path}"
                : $"{key}: there is no {Names()} file in folder {path}");
        }

        InputFormat format = formatOf(files[0])!.Value;
        string separator = CsvFormat.SeparatorByName(files[0]);

        // Names that say different separators are of different forms, too.
        return files.FirstOrDefault(f => formatOf(f) != format || (format == InputFormat.Csv && CsvFormat.SeparatorByName(f) != separator)) is { } other
            ? throw OneRecException.Input(
                "input.format", $"{key}: {files[0]} and {other} have different formats; convert one of them")
            : new InputFiles(key, path, files)
            {
                Folder = folder,
                Store = store,
                Format = format,
                Partitions = HiveFolders.Of(key, folder, files),
                PassedOver = [.. all.Except(files).Select(f => Relative(folder, f))],
            };
    }

    private static InputFiles Find(IInputStore store, string key, string path, StoredFile? found, string extension)
    {
        if (found is null)
        {
            throw OneRecException.Input("input.missing-file", $"{key}: there is no file or folder {path}");
        }

        if (!found.IsFolder)
        {
            return new InputFiles(key, path, [path]) { Store = store };
        }

        bool IsWanted(string file) => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
        string[] all = [.. new FolderWalk(store, IsWanted).Files(path).OrderBy(f => Relative(path, f), StringComparer.Ordinal)];
        string[] files = [.. all.Where(IsWanted)];
        return files.Length > 0
            ? new InputFiles(key, path, files) { Store = store, PassedOver = [.. all.Except(files).Select(f => Relative(path, f))] }
            : throw OneRecException.Input("input.missing-file", $"{key}: there is no {extension} file in folder {path}");
    }

    // A store knows paths, not options.
    private static T WithOption<T>(string key, Func<T> find)
    {
        try
        {
            return find();
        }
        catch (OneRecException e) when (e.Code.StartsWith("store.", StringComparison.Ordinal))
        {
            throw new OneRecException(e.Kind, e.Code, $"{key}: {e.Message}", e);
        }
    }

    private static InputFormat? FormatOf(string file, (string Extension, InputFormat Format)[] known)
    {
        string plain = CompressedName.Without(file);
        foreach ((string extension, InputFormat format) in known)
        {
            // Parquet is compressed within.
            if (plain.EndsWith(extension, StringComparison.OrdinalIgnoreCase) && (format != InputFormat.Parquet || plain.Length == file.Length))
            {
                return format;
            }
        }

        return null;
    }

    // As Spark names them: part-00000-....json.
    private static bool IsPartOfJson(string file) => CompressedName.Without(file).EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        && Path.GetFileName(file).StartsWith("part-", StringComparison.Ordinal);

    private static string Names() => ".csv, .tsv, .jsonl or .parquet";

    private static string Relative(string root, string file) =>
        Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');
}

/// <summary>Format of an input.</summary>
public enum InputFormat
{
    /// <summary>Fields that a character separates, such as <c>.csv</c> and <c>.tsv</c>.</summary>
    Csv,

    /// <summary>Lines of JSON objects, such as <c>.jsonl</c>.</summary>
    Json,

    /// <summary>Apache Parquet, <c>.parquet</c>.</summary>
    Parquet,

    /// <summary>A folder with a <c>_delta_log</c>.</summary>
    Delta,

    /// <summary>A table of a catalog.</summary>
    Table,
}
