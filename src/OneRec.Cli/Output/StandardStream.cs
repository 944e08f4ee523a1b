using System.Runtime.InteropServices;
using OneRec.Core;

namespace OneRec.Cli.Output;

/// <summary>Standard output or standard error, with failures told apart.</summary>
/// <remarks>
/// The console's own stream drops what it writes to a closed pipe, so that a query whose reader has gone would run to its
/// end; and it fails on other errors with an exception that looks like one of any file. <c>write</c> is called directly:
/// a file stream would write at a position of its own, over what others append to the same file.
/// </remarks>
internal sealed partial class StandardStream : WriteOnlyStream
{
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int BrokenPipe = 32;

    private readonly int _descriptor;
    private readonly bool _required;
    private readonly Stream? _console;
    private bool _failed;

    private StandardStream(int descriptor, bool required)
    {
        _descriptor = descriptor;
        _required = required;
        _console = !OperatingSystem.IsWindows() ? null
            : descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError();
    }

    /// <summary>Standard output: a write that fails throws <see cref="OutputException"/>, once; later ones are dropped.</summary>
    public static StandardStream Output() => new(1, required: true);

    /// <summary>Standard error: what cannot be written is dropped, because no job ends for a line that nobody can read.</summary>
    public static StandardStream Error() => new(2, required: false);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_failed)
        {
            return;
        }

        try
        {
            if (_console is not null)
            {
                _console.Write(buffer);
                return;
            }

            WriteAll(buffer);
        }
        catch (IOException e)
        {
            _failed = true;
            if (_required)
            {
                throw e as OutputException ?? new OutputException(e.Message, isReaderGone: false);
            }
        }
    }

    private void WriteAll(ReadOnlySpan<byte> buffer)
    {
        if (!Descriptors.IsInherited(_descriptor))
        {
            throw new OutputException("it is closed", isReaderGone: false);
        }

        while (!buffer.IsEmpty)
        {
            nint written = WriteNative(_descriptor, buffer, (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            switch (error)
            {
                case Interrupted:
                    break;
                case TryAgain:
                    // A terminal that another process set to return at once.
                    Thread.Sleep(10);
                    break;
                default:
                    throw new OutputException(Marshal.GetPInvokeErrorMessage(error), isReaderGone: error == BrokenPipe);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteNative(int descriptor, ReadOnlySpan<byte> buffer, nuint length);
}

/// <summary>Standard output cannot be written.</summary>
/// <param name="reason">Why, in the system's words.</param>
/// <param name="isReaderGone">Whether the program that read it has ended, such as <c>head</c>.</param>
internal sealed class OutputException(string reason, bool isReaderGone) : IOException(reason)
{
    /// <summary>Whether the program that read it has ended.</summary>
    public bool IsReaderGone => isReaderGone;
}
