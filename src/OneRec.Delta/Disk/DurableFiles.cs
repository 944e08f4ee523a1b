using OneRec.Core;

namespace OneRec.Delta;

/// <summary>Disk operations by POSIX calls; on Windows, linking is a rename that does not overwrite.</summary>
internal sealed class DurableFiles : IDurableFiles
{
    private const int FileTooLarge = 27; // EFBIG, on both Linux and macOS

    private DurableFiles()
    {
    }

    public static DurableFiles Instance { get; } = new();

    public void CreateFolder(string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(full);
        if (parent is not null)
        {
            CreateFolder(parent);
        }

        Directory.CreateDirectory(full);
        if (parent is not null)
        {
            SyncFolder(parent);
        }
    }

    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
        try
        {
            file.Write(bytes);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // So .NET tells EFBIG, the error of a file-size limit, as if the caller had passed a wrong number.
            throw new IOException($"File too large : '{path}'", e) { HResult = FileTooLarge };
        }

        file.Flush(flushToDisk: true);
    }

    public void SyncFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 1);
        file.Flush(flushToDisk: true);
    }

    public void SyncFolder(string path) => FolderSync.Sync(path);

    public bool Link(string from, string to)
    {
        if (!OperatingSystem.IsWindows())
        {
            return Posix.Link(from, to);
        }

        if (File.Exists(to))
        {
            return false;
        }

        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);
}

/// <summary>Replaces a small file atomically: after a crash it is either the old one or the new one.</summary>
public static class DurableFile
{
    /// <summary>How the names of unfinished files end.</summary>
    public const string PartSuffix = ".part";

    /// <summary>Replaces a file's contents, or creates it and its folder; durable on return.</summary>
    /// <remarks>One writer at a time: a temporary file with the suffix <c>.part</c> is used.</remarks>
    /// <exception cref="IOException">The disk reports an error; the file is unchanged.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(path);
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full)!;
        string part = full + PartSuffix;
        DurableFiles disk = DurableFiles.Instance;
        disk.CreateFolder(folder);
        disk.Delete(part);
        disk.Write(part, bytes);
        File.Move(part, full, overwrite: true);
        disk.SyncFolder(folder);
    }

    /// <summary>Creates a file with its contents, and its folder, if the name is free; durable on return. Any number of processes may try.</summary>
    /// <returns>False if the name is taken.</returns>
    /// <exception cref="IOException">The disk reports an error; the file may or may not be there.</exception>
    public static bool TryCreate(string path, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(path);
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full)!;
        string part = $"{full}.{Guid.NewGuid():N}{PartSuffix}";
        DurableFiles disk = DurableFiles.Instance;
        disk.CreateFolder(folder);
        try
        {
            disk.Write(part, bytes);
            bool created = disk.Link(part, full);
            disk.SyncFolder(folder);
            return created;
        }
        finally
        {
            disk.Delete(part);
        }
    }
}

/// <summary>The disk operations that the safety of a commit depends on.</summary>
internal interface IDurableFiles
{
    /// <summary>Creates a folder and its parents, and makes each durable in its parent.</summary>
    void CreateFolder(string path);

    /// <summary>Writes a new file and makes its contents durable.</summary>
    void Write(string path, ReadOnlySpan<byte> bytes);

    /// <summary>Makes a file's contents durable.</summary>
    void SyncFile(string path);

    /// <summary>Makes a folder's entries durable.</summary>
    void SyncFolder(string path);

    /// <summary>Gives a file a second name if that name is free: atomic, never overwrites.</summary>
    /// <returns>False if the name is taken.</returns>
    bool Link(string from, string to);

    /// <summary>Renames a file; one that has the name already is replaced atomically.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file.</summary>
    void Delete(string path);
}
