using System.Diagnostics;
using OneRec.Cli.Tests.Job;
using OneRec.Testing;

namespace OneRec.Cli.Tests;

/// <summary>A signal ends any command within two seconds, whatever it waits for.</summary>
public sealed class SignalTests : IDisposable
{
    /// <summary>Two seconds, and what starting and ending a process costs on a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void A_query_that_computes_for_hours(string signal) => Ends(
        signal, ["sql", "SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b WHERE a.range * b.range % 7 = 3", "--set", $"tables={_folder["t"]}"]);

    [Fact]
    public void A_query_that_prints_what_nobody_reads() => Ends(
        "TERM",
        ["-c", $"'{OneRecCommand.Path}' sql 'SELECT range FROM range(100000000000)' --output csv --set tables={_folder["t"]} | sleep 20 & wait"],
        "bash",
        child: "onerec");

    [Fact]
    public void A_sample_of_many_items() => Ends("TERM", ["sample", "--out", _folder["s"], "--items", "5000000"]);

    [Fact]
    public void A_check_of_a_fifo_that_nobody_writes()
    {
        Skip.Unless(Desk.OnPath("mkfifo") is not null, "no mkfifo");
        Desk.Capture("mkfifo", [_folder["log.csv"]], TimeSpan.FromSeconds(10));
        Ends("TERM", ["check", "--set", $"input.interactions={_folder["log.csv"]}", "--set", $"tables={_folder["t"]}"]);
    }

    [Fact]
    public void A_select_from_standard_input_that_never_ends() => Ends("TERM", ["sql", "-", "--set", $"tables={_folder["t"]}"]);

    private void Ends(string signal, string[] arguments, string? program = null, string? child = null)
    {
        Skip.Unless(OperatingSystem.IsLinux(), "signals are sent with kill");
        Directory.CreateDirectory(_folder["t"]);
        var start = new ProcessStartInfo(program ?? OneRecCommand.Path, arguments) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            Thread.Sleep(TimeSpan.FromSeconds(3));
            int target = child is null ? process.Id : ChildOf(process.Id, child);
            Assert.True(Directory.Exists($"/proc/{target}"), "the command ended by itself");

            Desk.Capture("kill", ["-s", signal, $"{target}"], TimeSpan.FromSeconds(10));

            long from = Stopwatch.GetTimestamp();
            Assert.True(SpinWait.SpinUntil(() => HasEnded(target), Limit), "it lives on");
            TestContext.Current.SendDiagnosticMessage($"ended after {Stopwatch.GetElapsedTime(from).TotalSeconds:F2} s");
            if (child is null)
            {
                process.WaitForExit();
                Assert.Equal(130, process.ExitCode);
            }
        }
        finally
        {
            // What lives on must not take a core from other tests.
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    // A zombie has ended: its parent has not asked yet.
    private static bool HasEnded(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].TrimStart()[0] == 'Z';
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static int ChildOf(int parent, string name) => Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(n => int.TryParse(n, out _))
        .Select(n => int.Parse(n!, System.Globalization.CultureInfo.InvariantCulture))
        .First(p => Stat(p) is { } stat && stat.Contains($"({name})", StringComparison.Ordinal)
            && stat.Split(')')[^1].Split(' ')[2] == $"{parent}");

    private static string? Stat(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
