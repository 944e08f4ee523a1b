using Apache.Arrow;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>The log's data about the files of one version: places, statistics, partition values.</summary>
/// <param name="folder">The table's folder as given.</param>
/// <param name="version">The version.</param>
/// <param name="metadata">The table's columns.</param>
internal sealed class TableFiles(string folder, long version, Metadata metadata)
{
    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private readonly StatisticsReader _statistics = new(metadata.Schema);

    /// <summary>Folder and version, for errors.</summary>
    public string Name => $"{folder} version {version}";

    /// <summary>The columns in order, including partition columns.</summary>
    public Schema Schema => metadata.Schema;

    /// <summary>Names of the partition columns.</summary>
    public IReadOnlyList<string> PartitionColumns => metadata.PartitionColumns;

    /// <summary>The table's folder as given.</summary>
    public string Folder => folder;

    /// <summary>A file's full path on this machine.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.file-place</c>: an absolute URI of another store.</exception>
    public string FullPath(AddFile file)
    {
        if (file.Path.StartsWith('/'))
        {
            return file.DecodedPath;
        }

        // RFC 3986: a scheme is a letter, then letters, digits, '+', '-', '.', and a colon before any slash.
        int colon = file.Path.IndexOf(':');
        if (colon > 0 && char.IsAsciiLetter(file.Path[0])
            && file.Path.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) < 0)
        {
            // Hadoop writes file:/path for the file:///path of RFC 8089.
            string rest = file.DecodedPath[(colon + 1)..];
            bool local = file.Path.AsSpan(0, colon).Equals("file", StringComparison.OrdinalIgnoreCase)
                && rest.StartsWith('/')
                && (!rest.StartsWith("//", StringComparison.Ordinal) || rest.StartsWith("///", StringComparison.Ordinal));
            return local
                ? "/" + rest.TrimStart('/')
                : throw OneRecException.Table(
                    "delta.file-place",
                    $"{Name} has the file {file.Path}, which is not on a local disk; "
                    + "copy the table whole");
        }

        return Path.Combine(folder, file.DecodedPath);
    }

    /// <summary>A file's statistics, typed by the table's columns; null if the log has none that can be read.</summary>
    public FileStatistics? StatisticsOf(AddFile file) => _statistics.Read(file.StatsJson);

    /// <summary>A file's value of a partition column, as <see cref="PartitionValue.Parse"/> returns it.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.partition-value</c>: the text is not of the column's type.</exception>
    public object? PartitionValueOf(AddFile file, Field column)
    {
        try
        {
            return PartitionValue.Parse(file.PartitionValues.GetValueOrDefault(column.Name), column.DataType);
        }
        catch (FormatException e)
        {
            throw BadPartitionValue(file, column, e);
        }
    }

    public OneRecException BadPartitionValue(AddFile file, Field column, FormatException e) => OneRecException.Table(
        "delta.partition-value",
        $"{Name}: '{file.PartitionValues.GetValueOrDefault(column.Name)}' is not a valid "
        + $"{DeltaSchema.NameOf(column.DataType)} for partition column '{column.Name}' of {file.DecodedPath}; rewrite the table",
        e);
}
