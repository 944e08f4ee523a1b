using System.ComponentModel;

namespace OneRec.Pipeline.Running;

/// <summary>A process on some machine, told from a later one with the same number.</summary>
/// <param name="Host">The machine's name.</param>
/// <param name="Process">The process's number there.</param>
/// <param name="Started">When it started, UTC.</param>
internal sealed record ProcessMark(string Host, int Process, DateTime Started)
{
    // Two readings of a process's start differ by rounding.
    private static readonly TimeSpan StartTolerance = TimeSpan.FromSeconds(2);

    /// <summary>This process.</summary>
    public static ProcessMark Self { get; } = OfSelf();

    /// <summary>Whether the process has ended; false also where that cannot be seen, as on another machine.</summary>
    public bool HasEnded()
    {
        if (Host != Self.Host)
        {
            return false;
        }

        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(Process);
            return (process.StartTime.ToUniversalTime() - Started).Duration() > StartTolerance;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended just now, or belongs to somebody else.
            return false;
        }
    }

    private static ProcessMark OfSelf()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return new ProcessMark(Environment.MachineName, self.Id, self.StartTime.ToUniversalTime());
    }
}
