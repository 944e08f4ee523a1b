using System.Runtime.InteropServices;

namespace OneRec.Export.Folder;

/// <summary>C library calls that .NET does not expose.</summary>
internal static partial class Posix
{
    private const int AtCurrentFolder = -100; // AT_FDCWD
    private const uint Exchange = 2; // RENAME_EXCHANGE

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

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(int oldFolder, string from, int newFolder, string to, uint flags);
}
