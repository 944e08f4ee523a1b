using OneRec.Core;
using OneRec.Csv.Records;
using OneRec.Csv.Types;
using OneRec.Inputs.Files;
using OneRec.Inputs.Sources;

namespace OneRec.Inputs.Initial;

/// <summary>An input that was found, and its detected role.</summary>
/// <param name="Path">Full path of a file, folder or pattern.</param>
/// <param name="Source">The source.</param>
/// <param name="Role">Its role.</param>
/// <param name="Bytes">Size of its files in bytes.</param>
internal sealed record FoundSource(string Path, InputSource Source, SourceRole Role, long Bytes)
{
    /// <summary>All columns, including those that cannot be read.</summary>
    public IReadOnlyList<string> Columns { get; } = [.. Source.Columns, .. Source.UnreadableColumns];

    /// <summary>Opens an input and detects its role.</summary>
    /// <exception cref="OneRecException">The input cannot be read.</exception>
    public static FoundSource Open(string path)
    {
        InputFiles files = InputFiles.Open(LocalInputs.Instance, "init", path);
        InputSource source = Open(files);
        long bytes = source is DeltaInput delta ? delta.Bytes : files.Files.Sum(f => new FileInfo(f).Length);
        return new FoundSource(path, source, RoleOf([.. source.Columns, .. source.UnreadableColumns], files.Format), bytes);
    }

    /// <summary>What separates fields, if the input is CSV; otherwise null.</summary>
    public char? Separator => (Source as CsvSource)?.Format.Separator;

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

        string[] files = [.. Visible(Directory.EnumerateFiles(path)).Where(f => InputFiles.FormatOf(f) is not null)];
        if (folders.Length == 0 && files.Length > 1 && files.Select(Head).Distinct(StringComparer.Ordinal).Count() == 1)
        {
            return [path];
        }

        return [.. files, .. folders.Where(HasInput)];
    }

    private static bool HasInput(string folder) => InputFiles.IsDelta(LocalInputs.Instance, folder)
        || Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(f => InputFiles.FormatOf(f) is not null);

    private static IEnumerable<string> Visible(IEnumerable<string> paths) => paths
        .Where(p => System.IO.Path.GetFileName(p)[0] is not ('.' or '_'))
        .Order(StringComparer.Ordinal);

    // Files with the same columns are parts of one input; an unreadable file is not.
    private static string Head(string file)
    {
        try
        {
            InputSource source = Open(InputFiles.Open(LocalInputs.Instance, "init", file));
            return string.Join('\n', source.Columns.Concat(source.UnreadableColumns));
        }
        catch (OneRecException)
        {
            return file;
        }
    }

    // CSV that another character separates has one column that contains it.
    private static InputSource Open(InputFiles files)
    {
        CsvFormat csv = true;
        InputSource source = InputSource.Open(files, csv, new Dictionary<string, ColumnType>());
        return source is CsvSource { OtherSeparator: { } other }
            ? InputSource.Open(files, csv with { Separator = other }, new Dictionary<string, ColumnType>())
            : source;
    }

    private static SourceRole RoleOf(IReadOnlyList<string> columns, InputFormat format)
    {
        bool vectors = columns.Contains("tokens") || columns.Contains("embedding");
        if (columns.Contains("item_id") && vectors && format != InputFormat.Csv)
        {
            return SourceRole.Tokens;
        }

        if (columns.Contains("item_id") && columns.Contains("position") && (columns.Contains("path") || columns.Contains("image")))
        {
            return SourceRole.Images;
        }

        bool texts = (ColumnGuess.Title(columns) ?? ColumnGuess.Caption(columns)) is not null;
        if (ColumnGuess.Item(columns) is not null && ColumnGuess.Tag(columns) is not null && !texts)
        {
            return SourceRole.Tags;
        }

        return ColumnGuess.Item(columns) is not null && ColumnGuess.User(columns) is not null ? SourceRole.Log
            : ColumnGuess.ItemOfCatalogue(columns) is not null && (texts || ColumnGuess.TagList(columns) is not null) ? SourceRole.Items
            : SourceRole.None;
    }
}

/// <summary>The role of an input, by its columns.</summary>
internal enum SourceRole
{
    /// <summary>Unknown.</summary>
    None,

    /// <summary>Users and items: <c>input.interactions</c>.</summary>
    Log,

    /// <summary>Items and texts: <c>input.items</c>.</summary>
    Items,

    /// <summary>An item and a tag: <c>input.tags</c>.</summary>
    Tags,

    /// <summary>Vectors by <c>item_id</c>: <c>input.tokens</c>.</summary>
    Tokens,

    /// <summary>Images by <c>item_id</c> and <c>position</c>: <c>input.images</c>.</summary>
    Images,
}
