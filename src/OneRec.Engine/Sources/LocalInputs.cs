using OneRec.Core;

namespace OneRec.Engine.Sources;

/// <summary>Files on the disks of this machine. There are no catalogs.</summary>
public sealed class LocalInputs : IInputStore
{
    private LocalInputs()
    {
    }

    /// <summary>The only instance: it has no state.</summary>
    public static LocalInputs Instance { get; } = new();

    /// <inheritdoc/>
    public string? WhyNot(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return SourceName.IsUri(SourceName.Plain(name)) ? "is read on Spark only: use --engine spark, or copy the files to this machine and name their folder"
            : SourceName.IsTable(name) && !Path.Exists(name) ? "is no file or folder here, and tables of a catalog are read on Spark only: correct the path, or use --engine spark"
            : null;
    }

    /// <inheritdoc/>
    public string Full(string path) => SourceName.Plain(path);

    /// <inheritdoc/>
    public StoredFile? Find(string path) =>
        File.Exists(path) ? Of(new FileInfo(path)) : Directory.Exists(path) ? new StoredFile(path, true, 0, default) : null;

    /// <inheritdoc/>
    public IEnumerable<StoredFile> List(string folder) => new DirectoryInfo(folder).EnumerateFileSystemInfos().Select(
        entry => new StoredFile(entry.FullName, entry is DirectoryInfo, 0, default) { IsLink = entry.LinkTarget is not null });

    /// <inheritdoc/>
    /// <remarks>A loop of links stays as it is: reading it names it.</remarks>
    public string RealPath(string path) => Core.RealPath.Of(Path.GetFullPath(path)) ?? path;

    /// <inheritdoc/>
    public Stream Open(string file) => new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1);

    /// <inheritdoc/>
    public string ContentHash(string file) => StableHash.Sha256OfFile(file);

    /// <inheritdoc/>
    public StoredTable? FindTable(string name) => null;

    /// <inheritdoc/>
    public StoredTable? DeltaTable(string folder) => null;

    /// <inheritdoc/>
    public IEnumerable<string> FirstValues(StoredTable table, string column, int count) => [];

    private static StoredFile Of(FileInfo file) => new(file.FullName, false, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
}
