namespace OneRec.Delta.Tests;

/// <summary>A disk that refuses one kind of act.</summary>
internal sealed class RefusingDisk(string refused) : IDurableFiles
{
    private readonly IDurableFiles _disk = DurableFiles.Instance;

    public void CreateFolder(string path) => Unless("create folder", () => _disk.CreateFolder(path));

    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        _disk.Write(path, refused == "write" ? bytes[..(bytes.Length / 2)] : bytes);
        Unless("write", () => { });
    }

    public void SyncFile(string path) => Unless("sync file", () => _disk.SyncFile(path));

    public void SyncFolder(string path) => Unless("sync folder", () => _disk.SyncFolder(path));

    public bool Link(string from, string to)
    {
        Unless("link", () => { });
        return _disk.Link(from, to);
    }

    public void Rename(string from, string to) => Unless("rename", () => _disk.Rename(from, to));

    public void Delete(string path) => Unless("delete", () => _disk.Delete(path));

    private void Unless(string act, Action perform)
    {
        if (act == refused)
        {
            throw new IOException("no space left");
        }

        perform();
    }
}
