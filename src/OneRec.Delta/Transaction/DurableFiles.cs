namespace OneRec.Delta;

/// <summary>The disk, by POSIX calls; on Windows a rename that does not replace.</summary>
internal sealed class DurableFiles : IDurableFiles
{
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
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    public void SyncFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 1);
        file.Flush(flushToDisk: true);
    }

    public void SyncFolder(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            Posix.SyncFolder(path);
        }
    }

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

    public void Delete(string path) => File.Delete(path);
}
