using System.Runtime.InteropServices;

namespace OneRec.Core;

/// <summary>Makes the names in a folder durable: what a rename or a new file needs besides the bytes of the file.</summary>
public static partial class FolderSync
{
    private const int InvalidArgument = 22; // EINVAL: the file system cannot sync folders
    private const int ReadOnly = 0; // O_RDONLY

    /// <summary>fsync(2) on a folder; nothing on Windows, which has no such call.</summary>
    /// <exception cref="IOException">The call failed; its <see cref="Exception.HResult"/> is the system's error number.</exception>
    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
        {
            throw Failed("open");
        }

        try
        {
            if (SyncNative(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
            {
                throw Failed("fsync");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }

        IOException Failed(string call)
        {
            int error = Marshal.GetLastPInvokeError();
            return new IOException($"{call} {path}: {Marshal.GetPInvokeErrorMessage(error)}") { HResult = error };
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncNative(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
