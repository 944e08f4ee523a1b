using System.Diagnostics;

namespace OneRec.Delta.Committer;

/// <summary>
/// A disk on which this process is killed (SIGKILL) at a chosen moment: before each act of the disk, and twice within a write,
/// with half of the bytes there and with all of them, not synced.
/// </summary>
/// <param name="at">The number of the moment, from 1; 0 for never.</param>
internal sealed class DyingDisk(int at) : IDurableFiles
{
    private readonly DurableFiles _disk = DurableFiles.Instance;
    private int _moments;

    /// <summary>A moment at which the process may die.</summary>
    public void Moment()
    {
        if (++_moments == at)
        {
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    public void CreateFolder(string path)
    {
        Moment();
        _disk.CreateFolder(path);
    }

    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        Moment();
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        file.Write(bytes[..(bytes.Length / 2)]);
        Moment();
        file.Write(bytes[(bytes.Length / 2)..]);
        Moment();
        file.Flush(flushToDisk: true);
    }

    public void SyncFile(string path)
    {
        Moment();
        _disk.SyncFile(path);
    }

    public void SyncFolder(string path)
    {
        Moment();
        _disk.SyncFolder(path);
    }

    public bool Link(string from, string to)
    {
        Moment();
        return _disk.Link(from, to);
    }

    public void Rename(string from, string to)
    {
        Moment();
        _disk.Rename(from, to);
    }

    public void Delete(string path)
    {
        Moment();
        _disk.Delete(path);
    }
}
