using System.Runtime.InteropServices;
using OneRec.Cli.Output;

namespace OneRec.Cli;

/// <summary>Ends a command on SIGINT or SIGTERM: at the next safe point, and in any case within two seconds.</summary>
/// <remarks>
/// A command may wait for what no token reaches: a native call, a read of a FIFO, a write that nobody reads. A run may be
/// killed at any moment without harm to a table (<c>KillTests</c>), so the process ends where the safe point is far.
/// </remarks>
internal sealed partial class StopSignals : IDisposable
{
    /// <summary>The time for a safe point; the rest of the two seconds is for the end of the process on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private readonly CancellationTokenSource _cancellation = new();
    private readonly ErrorLines _lines;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _signals;
    private Func<bool>? _interrupted;

    /// <summary>Listens from now on.</summary>
    /// <param name="lines">Standard error.</param>
    public StopSignals(ErrorLines lines)
    {
        _lines = lines;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Asks a function at each SIGINT first whether it took care of it. It has no time: the signal waits for it.</summary>
    /// <param name="act">False: the command is to end as ever.</param>
    /// <returns>Ends this when disposed.</returns>
    public IDisposable Divert(Func<bool> act)
    {
        Volatile.Write(ref _interrupted, act);
        return new Diversion(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (signal.Signal == PosixSignal.SIGINT && Volatile.Read(ref _interrupted)?.Invoke() == true)
        {
            return;
        }

        if (Interlocked.Increment(ref _signals) > 1)
        {
            End();
        }

        // A thread of its own: those of the pool may all be at work.
        new Thread(() =>
        {
            Thread.Sleep(Patience);
            Say(Failure.InterruptedLine);
            End();
        })
        { IsBackground = true }.Start();
        Say("stopping at the next safe point; press Ctrl-C again to end at once");
        _cancellation.Cancel();
    }

    /// <summary>Writes a line unless standard error is blocked, as by a reader that does not read.</summary>
    private void Say(string line)
    {
        var writing = new Thread(() => _lines.WriteLine(line)) { IsBackground = true };
        writing.Start();
        writing.Join(TimeSpan.FromMilliseconds(100));
    }

    /// <summary>Ends the process without waiting for threads in native code, and without their libraries' own clean-up.</summary>
    private static void End()
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(Failure.Interrupted);
        }

        ExitNow(Failure.Interrupted);
    }

    private sealed class Diversion(StopSignals signals) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref signals._interrupted, null);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);
}
