using OneRec.Core;
using OneRec.Kernels.Remote;

namespace OneRec.Worker.Protocol;

/// <summary>A broadcast's bytes as Spark gave them: a file of the executor, or, where it encrypts its files, memory.</summary>
public sealed class Broadcast
{
    private readonly string? _path;
    private readonly byte[] _bytes;

    private Broadcast(string? path, byte[] bytes)
    {
        _path = path;
        _bytes = bytes;
    }

    /// <summary>Bytes in a file.</summary>
    public static Broadcast InFile(string path) => new(path, []);

    /// <summary>Bytes in memory, without the framing's length.</summary>
    public static Broadcast InMemory(byte[] bytes) => new(null, bytes);

    /// <summary>The framed bytes (<see cref="SideFraming"/>), from their start.</summary>
    /// <exception cref="OneRecException">Engine error <c>worker.broadcast</c>: the file cannot be read.</exception>
    public Stream Open()
    {
        if (_path is null)
        {
            return new MemoryStream(_bytes, writable: false);
        }

        try
        {
            var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
            SideFraming.ReadHeader(file);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw OneRecException.Engine("worker.broadcast", $"{_path}: a side input cannot be read ({e.Message})", e);
        }
    }
}
