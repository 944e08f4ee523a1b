namespace OneRec.Delta;

/// <summary>A small file beside the tables that is either the old one or the new one, whatever happens.</summary>
public static class DurableFile
{
    /// <summary>Puts bytes in place of a file, or makes it, and its folder; durable when this returns.</summary>
    /// <remarks>One writer at a time: a name with the ending <c>.part</c> is used on the way.</remarks>
    /// <exception cref="IOException">The disk refuses; the file is as it was.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(path);
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full)!;
        string part = full + ".part";
        DurableFiles disk = DurableFiles.Instance;
        disk.CreateFolder(folder);
        disk.Delete(part);
        disk.Write(part, bytes);
        File.Move(part, full, overwrite: true);
        disk.SyncFolder(folder);
    }
}
