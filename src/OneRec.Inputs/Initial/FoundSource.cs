using OneRec.Core;
using OneRec.Csv.Records;
using OneRec.Csv.Types;
using OneRec.Inputs.Files;
using OneRec.Inputs.Sources;
using OneRec.Parquet;

namespace OneRec.Inputs.Initial;

/// <summary>An input that was found, and its detected roles.</summary>
/// <param name="Path">Full path of a file, folder or pattern.</param>
/// <param name="Source">The source.</param>
/// <param name="Roles">Its roles: none, one, or catalogue and vectors in one.</param>
/// <param name="Bytes">Size of its files in bytes.</param>
internal sealed record FoundSource(string Path, InputSource Source, IReadOnlyList<SourceRole> Roles, long Bytes)
{
    /// <summary>All columns, including those that cannot be read.</summary>
    public IReadOnlyList<string> Columns { get; } = [.. Source.Columns, .. Source.UnreadableColumns];

    /// <summary>How its text is written; null if it is not CSV.</summary>
    public TextForm? Form { get; private init; }

    /// <summary>The column of vectors; null if there is none.</summary>
    public string? Vector { get; private init; }

    /// <summary>Opens an input and detects its roles.</summary>
    /// <exception cref="OneRecException">The input cannot be read.</exception>
    public static FoundSource Open(string path)
    {
        InputFiles files = InputFiles.Open(LocalInputs.Instance, "init", path);
        (InputSource source, TextForm? form) = Open(files);
        long bytes = source is DeltaInput delta ? delta.Bytes : files.Files.Sum(f => new FileInfo(f).Length);
        string[] columns = [.. source.Columns, .. source.UnreadableColumns];
        string? vector = VectorOf(files, columns);
        return new FoundSource(path, source, RolesOf(columns, vector), bytes) { Form = form, Vector = vector };
    }

    /// <summary>Lists the inputs at a path: a folder of parts is one input; a folder of different files is several.</summary>
    public static IReadOnlyList<string> Inputs(string path)
    {
        if (!Directory.Exists(path) || InputFiles.IsDelta(LocalInputs.Instance, path))
        {
            return [path];
        }

        string[] folders = [.. Visible(Directory.EnumerateDirectories(path))];
        if (folders.Any(f => System.IO.Path.GetFileName(f).Contains('=', StringComparison.Ordinal)))
        {
            return [path];
        }

        string[] files = [.. Visible(Directory.EnumerateFiles(path)).Where(f => InputFiles.FormatOfNamed(f) is not null)];
        if (folders.Length == 0 && files.Length > 1 && files.All(f => InputFiles.FormatOf(f) is not null)
            && files.Select(Head).Distinct(StringComparer.Ordinal).Count() == 1)
        {
            return [path];
        }

        return [.. files, .. folders.Where(HasInput)];
    }

    /// <summary>Whether a path is a NumPy array.</summary>
    public static bool IsMatrix(string path) => path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);

    /// <summary>The NumPy matrices at a path, or in it, that have a file of ids beside them.</summary>
    public static IEnumerable<string> Matrices(string path) =>
        (Directory.Exists(path) ? Visible(Directory.EnumerateFiles(path)) : [path]).Where(f => IsMatrix(f) && NumPyIds.Beside(f) is not null && IsVectors(f));

    private static bool IsVectors(string file)
    {
        try
        {
            using var array = NumPyFile.Open(file);
            return array.Shape.Count > 1;
        }
        catch (OneRecException)
        {
            return false;
        }
    }

    private static bool HasInput(string folder) => InputFiles.IsDelta(LocalInputs.Instance, folder)
        || Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(f => InputFiles.FormatOf(f) is not null);

    private static IEnumerable<string> Visible(IEnumerable<string> paths) => paths
        .Where(p => System.IO.Path.GetFileName(p)[0] is not ('.' or '_'))
        .Order(StringComparer.Ordinal);

    // Files with the same columns, in any order, are parts of one input; an unreadable file is not.
    private static string Head(string file)
    {
        try
        {
            InputSource source = Open(InputFiles.Open(LocalInputs.Instance, "init", file)).Source;
            return string.Join('\n', source.Columns.Concat(source.UnreadableColumns).Order(StringComparer.Ordinal));
        }
        catch (OneRecException)
        {
            return file;
        }
    }

    private static (InputSource Source, TextForm? Form) Open(InputFiles files)
    {
        TextForm? form = files.Format == InputFormat.Csv ? TextForm.Of(files) : null;
        return (InputSource.Open(files, form?.Format ?? CsvFormat.Default, new Dictionary<string, ColumnType>()), form);
    }

    // Lists in text are texts; a Delta table's vectors are told by the usual names.
    private static string? VectorOf(InputFiles files, IReadOnlyList<string> columns)
    {
        if (files.Format is not (InputFormat.Parquet or InputFormat.Delta))
        {
            return null;
        }

        string? usual = new[] { "tokens", "embedding" }.FirstOrDefault(c => columns.Contains(c, StringComparer.Ordinal));
        return usual ?? (files.Format == InputFormat.Parquet ? ColumnGuess.Vector(VectorLayout.ListsOf(files.First)) : null);
    }

    private static IReadOnlyList<SourceRole> RolesOf(IReadOnlyList<string> columns, string? vector)
    {
        bool texts = (ColumnGuess.Title(columns) ?? ColumnGuess.Caption(columns)) is not null;
        if (vector is not null && ColumnGuess.ItemOfCatalogue(columns) is not null)
        {
            return texts ? [SourceRole.Items, SourceRole.Tokens] : [SourceRole.Tokens];
        }

        if (columns.Contains("item_id") && columns.Contains("position") && (columns.Contains("path") || columns.Contains("image")))
        {
            return [SourceRole.Images];
        }

        if (ColumnGuess.Item(columns) is not null && ColumnGuess.Tag(columns) is not null && !texts)
        {
            return [SourceRole.Tags];
        }

        return ColumnGuess.Item(columns) is not null && ColumnGuess.User(columns) is not null ? [SourceRole.Log]
            : ColumnGuess.ItemOfCatalogue(columns) is not null && (texts || ColumnGuess.TagList(columns) is not null) ? [SourceRole.Items]
            : [];
    }
}

/// <summary>The role of an input, by its columns.</summary>
internal enum SourceRole
{
    /// <summary>Users and items: <c>input.interactions</c>.</summary>
    Log,

    /// <summary>Items and texts: <c>input.items</c>.</summary>
    Items,

    /// <summary>An item and a tag: <c>input.tags</c>.</summary>
    Tags,

    /// <summary>Items and vectors: <c>input.tokens</c>.</summary>
    Tokens,

    /// <summary>Images by <c>item_id</c> and <c>position</c>: <c>input.images</c>.</summary>
    Images,
}
