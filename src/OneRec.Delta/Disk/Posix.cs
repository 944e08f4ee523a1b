using System.Runtime.InteropServices;

namespace OneRec.Delta;

/// <summary>C library calls that .NET does not expose.</summary>
internal static partial class Posix
{
    private const int FileExists = 17; // EEXIST, on both Linux and macOS

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

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkNative(string from, string to);
}
