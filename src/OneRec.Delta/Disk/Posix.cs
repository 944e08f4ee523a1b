using System.Runtime.InteropServices;

namespace OneRec.Delta;

/// <summary>C library calls that .NET does not expose.</summary>
internal static partial class Posix
{
    private const int FileExists = 17; // EEXIST, on both Linux and macOS
    private const int InvalidArgument = 22; // EINVAL: the file system cannot sync folders
    private const int ReadOnly = 0; // O_RDONLY

    /// <summary>link(2).</summary>
    /// <returns>False if <paramref name="to"/> exists.</returns>
    /// <exception cref="IOException">Any other failure, such as a file system without hard links.</exception>
    public static bool Link(string from, string to)
    {
        if (LinkNative(from, to) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == FileExists
            ? false
            : throw new IOException($"link {from} to {to}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>fsync(2) on a folder.</summary>
    /// <exception cref="IOException">The call failed.</exception>
    public static void SyncFolder(string path)
    {
        int descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
        {
            throw Failed("open");
        }

        try
        {
            if (Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
            {
                throw Failed("fsync");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }

        IOException Failed(string call) =>
            new($"{call} {path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkNative(string from, string to);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
