using OneRec.Delta;
using OneRec.Engine.Local.DuckDb;

namespace OneRec.Engine.Local;

/// <summary>SQL that reads the files of inputs.</summary>
internal static class FileSelect
{
    // The column with the file name; no header has a column of this name.
    private const string FileColumn = "onerec file\n";

    private static readonly DuckDbDialect Dialect = new();

    /// <summary>Parquet by column name.</summary>
    public static string Of(ParquetFiles source)
    {
        ArgumentNullException.ThrowIfNull(source);

        // union_by_name uses the widest type of a column; otherwise it is that of the first file, which may be too narrow.
        string read = $"read_parquet([{DuckDbPaths.List(source.Files)}], hive_partitioning = false, union_by_name = true"
            + $"{FileOption(source.Partitions)})";
        return Joined(
            read,
            source.Columns.FieldsList.Select(f => (f.Name, SnapshotSelect.TypeOf(f.DataType))),
            source.Files,
            source.Partitions);
    }

    /// <summary>The SELECT that reads a version of a Delta table.</summary>
    public static string Of(DeltaFiles source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Snapshot snapshot = DeltaTable.At(source.Folder).SnapshotAt(source.Version);
        IEnumerable<AddFile> files = snapshot.Files;
        if (source.Partitions is { } wanted)
        {
            HashSet<string> keys = [.. wanted.Select(Key)];
            files = files.Where(f => keys.Contains(Key(snapshot.PartitionColumns.Select(
                c => f.PartitionValues.GetValueOrDefault(c)))));
        }

        return SnapshotSelect.Of(snapshot, files, source.Columns);
    }

    // The lengths make the key unambiguous for any values.
    private static string Key(IEnumerable<string?> values) =>
        string.Concat(values.Select(v => v is null ? "-" : $"{v.Length}:{v}"));

    private static string FileOption(FilePartitions? partitions) =>
        partitions is null ? "" : $", filename = {Dialect.Text(FileColumn)}";

    private static string Joined(
        string read,
        IEnumerable<(string Name, string Type)> columns,
        IReadOnlyList<string> files,
        FilePartitions? partitions)
    {
        string list = string.Join(", ", columns.Select(
            c => $"CAST(files.{Dialect.Name(c.Name)} AS {c.Type}) AS {Dialect.Name(c.Name)}"));
        if (partitions is null)
        {
            return $"SELECT {list} FROM {read} AS files";
        }

        string names = string.Join(", ", partitions.Columns.Select(Dialect.Name));
        IEnumerable<string> rows = files.Zip(partitions.Values, (file, values) =>
            $"({Dialect.Text(file)}, {string.Join(", ", values.Select(v => $"CAST({(v is null ? "NULL" : Dialect.Text(v))} AS VARCHAR)"))})");
        string folders = string.Join(", ", partitions.Columns.Select(c => $"folders.{Dialect.Name(c)}"));
        string all = list.Length == 0 ? folders : $"{list}, {folders}";
        return $"SELECT {all} FROM {read} AS files "
            + $"JOIN (VALUES {string.Join(", ", rows)}) AS folders({Dialect.Name(FileColumn)}, {names}) "
            + $"ON files.{Dialect.Name(FileColumn)} = folders.{Dialect.Name(FileColumn)}";
    }
}
