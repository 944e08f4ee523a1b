using System.Collections.ObjectModel;
using Apache.Arrow;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>A table at one version. Immutable; reading it opens no data file.</summary>
public sealed class Snapshot
{
    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private readonly StatisticsReader _statistics;

    private Snapshot(DeltaTable table, long version, LogReplay replay)
    {
        Table = table;
        Version = version;
        Protocol = replay.Protocol!;
        Metadata = replay.Metadata!;
        Files = replay.Files();
        Transactions = new ReadOnlyDictionary<string, long>(replay.Transactions.ToDictionary());
        _statistics = new StatisticsReader(Metadata.Schema);
    }

    /// <summary>The table.</summary>
    public DeltaTable Table { get; }

    /// <summary>The version, from 0.</summary>
    public long Version { get; }

    /// <summary>What a program must know to read and write it.</summary>
    public Protocol Protocol { get; }

    /// <summary>Id, columns and configuration.</summary>
    public Metadata Metadata { get; }

    /// <summary>The columns in order, partition columns included.</summary>
    public Schema Schema => Metadata.Schema;

    /// <summary>Names of the partition columns.</summary>
    public IReadOnlyList<string> PartitionColumns => Metadata.PartitionColumns;

    /// <summary>Table properties, such as <c>onerec.schema</c>.</summary>
    public IReadOnlyDictionary<string, string> Configuration => Metadata.Configuration;

    /// <summary>The data files, in the order in which the log adds them.</summary>
    public IReadOnlyList<AddFile> Files { get; }

    /// <summary>The last version of each application that wrote one (<c>txn</c>).</summary>
    public IReadOnlyDictionary<string, long> Transactions { get; }

    /// <summary>Rows, by the files' statistics; null where a file has none.</summary>
    public long? Rows
    {
        get
        {
            long rows = 0;
            foreach (AddFile file in Files)
            {
                if (StatisticsOf(file)?.NumRecords is not { } more)
                {
                    return null;
                }

                rows += more;
            }

            return rows;
        }
    }

    /// <summary>A file's place on this machine.</summary>
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
                    $"{Table.Folder} version {Version} has the file {file.Path}, which is not on a local disk; "
                    + "copy the table whole");
        }

        return Path.Combine(Table.Folder, file.DecodedPath);
    }

    /// <summary>A file's statistics, typed by the table's columns; null where the log has none that can be read.</summary>
    public FileStatistics? StatisticsOf(AddFile file) => _statistics.Read(file.StatsJson);

    /// <summary>The files that may hold rows whose columns equal the given values; the others surely hold none.</summary>
    /// <param name="equal">
    /// Columns and values: null, <see cref="long"/> (or a smaller integer), <see cref="double"/> or <see cref="float"/>,
    /// <see cref="string"/>, <see cref="bool"/>, <see cref="DateOnly"/>, <see cref="DateTimeOffset"/>,
    /// <see cref="decimal"/>, fitting the column's type.
    /// </param>
    /// <exception cref="ArgumentException">No such column, or a value of another type.</exception>
    public IEnumerable<AddFile> FilesWhere(params IReadOnlyList<(string Column, object? Value)> equal)
    {
        var filter = new EqualityFilter(this, equal);
        return Files.Where(filter.MayMatch);
    }

    /// <summary>Reads rows, file by file in the order of <see cref="Files"/>, partition columns filled in.</summary>
    /// <param name="columns">Names in the order wanted; null for all.</param>
    /// <param name="files">Files of this snapshot; null for all.</param>
    /// <returns>Batches of bounded size (about 16 MiB), to be disposed by the caller.</returns>
    /// <exception cref="OneRecException">
    /// Table errors: <c>delta.column-missing</c>, <c>delta.file-missing</c>, <c>delta.file-broken</c>.
    /// </exception>
    public IEnumerable<RecordBatch> Scan(IReadOnlyList<string>? columns = null, IEnumerable<AddFile>? files = null)
    {
        var scan = new TableScan(this, columns);
        return (files ?? Files).SelectMany(scan.Read);
    }

    /// <summary>A file's value of a partition column, as <see cref="PartitionValue.Parse"/> gives it.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.partition-value</c>: the text is none of the column's type.</exception>
    internal object? PartitionValueOf(AddFile file, Field column)
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

    internal OneRecException BadPartitionValue(AddFile file, Field column, FormatException e) => OneRecException.Table(
        "delta.partition-value",
        $"{Table.Folder} version {Version}: '{file.PartitionValues.GetValueOrDefault(column.Name)}' is no "
        + $"{DeltaSchema.NameOf(column.DataType)} for partition column '{column.Name}' of {file.DecodedPath}; rewrite the table",
        e);

    /// <summary>The state of a version; null where the folder holds no table.</summary>
    internal static Snapshot? Load(DeltaTable table, long? version)
    {
        if (LogSegment.Find(table.Folder, version) is not { } segment)
        {
            return null;
        }

        var replay = new LogReplay();
        foreach (string part in segment.CheckpointParts)
        {
            foreach (TableAction action in CheckpointReader.Read(table.Folder, segment.CheckpointVersion, part))
            {
                replay.Apply(action);
            }
        }

        foreach ((long at, string path) in segment.Commits)
        {
            foreach (TableAction action in ActionReader.ReadCommit(table.Folder, at, path))
            {
                replay.Apply(action);
            }
        }

        if (replay.Protocol is null || replay.Metadata is null)
        {
            throw OneRecException.Table(
                "delta.log-broken",
                $"{table.Folder} version {segment.Version} has no {(replay.Protocol is null ? "protocol" : "metaData")} "
                + "in its log; restore the log");
        }

        TableFeatures.RequireReadable(table.Folder, segment.Version, replay.Protocol);
        RequireSchema(table.Folder, segment.Version, replay.Metadata);
        return new Snapshot(table, segment.Version, replay);
    }

    private static void RequireSchema(string table, long version, Metadata metadata)
    {
        if (metadata.Provider != "parquet")
        {
            throw OneRecException.Table(
                "delta.reader-feature",
                $"{table} version {version} has data files of format '{metadata.Provider}', not supported; rewrite the table as parquet");
        }

        try
        {
            _ = metadata.Schema;
        }
        catch (OneRecException e)
        {
            throw OneRecException.Table(e.Code, $"{table} version {version}: {e.Message}", e);
        }
    }
}
