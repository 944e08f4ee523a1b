using System.Runtime.InteropServices;
using OneRec.Core;

namespace OneRec.Cli.Output;

/// <summary>The standard file descriptors of the process on Unix: 0, 1 and 2.</summary>
/// <remarks>
/// Where a process starts with one of them closed (<c>&gt;&amp;-</c>), the next file that it opens gets the number, and
/// results or errors would be written into that file, which may be one of a table. What this process opened is closed on
/// exec; what its parent gave it is not.
/// </remarks>
internal static partial class Descriptors
{
    /// <summary>Files that a whole job opens at once: most of them are the program's own assemblies, two descriptors each.</summary>
    private const ulong Needed = 192;

    private const int GetFlags = 1;
    private const int CloseOnExec = 1;
    private const int ReadWrite = 2;

    private static readonly bool[] Inherited = [.. Enumerable.Range(0, 3).Select(IsOpenAndInherited)];

    /// <summary>Opens <c>/dev/null</c> under those of the three numbers that are free, so that no file gets one.</summary>
    public static void Reserve()
    {
        for (int descriptor = 0; descriptor <= 2 && !OperatingSystem.IsWindows(); descriptor++)
        {
            if (!Inherited[descriptor] && Control(descriptor, GetFlags) < 0)
            {
                // The lowest free number, which is this one. It stays open as long as the process.
                _ = Open("/dev/null", ReadWrite);
            }
        }
    }

    /// <summary>Whether the process was started with this descriptor open.</summary>
    public static bool IsInherited(int descriptor) => Inherited[descriptor];

    /// <summary>Requires that the process may open as many files as a job needs.</summary>
    /// <exception cref="OneRecException">Engine error <c>io.files</c>, before an assembly that cannot be opened is taken for missing.</exception>
    public static void RequireEnough()
    {
        int resource = OperatingSystem.IsMacOS() ? 8 : 7;
        if (!OperatingSystem.IsWindows() && GetLimit(resource, out Limits limits) == 0 && limits.Now < Needed)
        {
            throw TooFew();
        }
    }

    /// <summary>Whether the process can open no more files.</summary>
    public static bool AreExhausted()
    {
        var opened = new List<FileStream>();
        try
        {
            while (opened.Count < 8)
            {
                opened.Add(new FileStream("/dev/null", FileMode.Open, FileAccess.Read));
            }

            return false;
        }
        catch (IOException)
        {
            return !OperatingSystem.IsWindows();
        }
        finally
        {
            opened.ForEach(f => f.Dispose());
        }
    }

    /// <summary>The error of a process that may open too few files.</summary>
    public static OneRecException TooFew() => OneRecException.Engine(
        "io.files",
        $"this process may open too few files at once (a job opens up to {Needed}, and more with many threads or inputs); "
            + "raise the limit, such as by 'ulimit -n 1024', and run the command again");

    private static bool IsOpenAndInherited(int descriptor) =>
        OperatingSystem.IsWindows() || Control(descriptor, GetFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0;

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, out Limits limits);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    // The limit in force, and the highest that the process may set. The runtime has set the first to the second.
    private readonly record struct Limits(ulong Now, ulong Highest);
}
