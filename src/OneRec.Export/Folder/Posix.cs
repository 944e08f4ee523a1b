using System.Runtime.InteropServices;

namespace OneRec.Export.Folder;

/// <summary>C library calls that .NET does not expose.</summary>
internal static partial class Posix
{
    private const int AtCurrentFolder = -100; // AT_FDCWD
    private const uint Exchange = 2; // RENAME_EXCHANGE
    private const int InvalidArgument = 22; // EINVAL: the file system cannot sync folders
    private const int ReadOnly = 0; // O_RDONLY

    /// <summary>Exchanges the names of two folders in one act (renameat2).</summary>
    /// <returns>False if this system or file system cannot.</returns>
    public static bool TryExchange(string one, string other)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return RenameAt2(AtCurrentFolder, one, AtCurrentFolder, other, Exchange) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Makes the names in a folder durable (fsync).</summary>
    /// <exception cref="IOException">The call failed.</exception>
    public static void SyncFolder(string path)
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
            if (Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
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

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(int oldFolder, string from, int newFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
