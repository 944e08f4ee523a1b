using System.Diagnostics;
using System.Text;
using OneRec.Cli.Tests.Job;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Prompt;

/// <summary>The prompt on a pseudo-terminal, which <c>script</c> of util-linux makes.</summary>
public sealed class SqlPromptOnATerminalTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // The prompt is drawn before a key is waited for.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ScratchFolder _folder = new();
    private readonly StringBuilder _shown = new();
    private Process? _process;

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
        }

        _process?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Questions_errors_and_Ctrl_C_go_on_and_Ctrl_D_leaves()
    {
        Start();
        Type("SELECT 41 +\r", "...> ");
        Type("1 AS answer;\r", "42");
        Type("SELECT nope;\r", "error sql.invalid");
        Type("SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b WHERE a.range * b.range % 7 = 3;\r", "= 3;");
        Thread.Sleep(TimeSpan.FromSeconds(2));
        Type("\u0003", "stopped");
        Thread.Sleep(Pause);
        Type("never sent\u0003", "^C");
        Type("\u001b[A\u001b[A\u001b[A\u001b[A\u001b[B\u001b[A\r", "...> ");
        Type("0 AS again;\r", "again");
        Assert.Contains("41", _shown.ToString(), StringComparison.Ordinal);
        Type("\u0004", "");
        Assert.True(_process!.WaitForExit(Limit));
        Assert.Equal(0, _process.ExitCode);
        string[] history = File.ReadAllLines(Path.Combine(_folder["state"], "onerec", "sql_history"));
        Assert.Equal("SELECT 41 +", history[0]);
        Assert.DoesNotContain("never sent", history);
        Assert.Equal("0 AS again;", history[^1]);
    }

    [Fact]
    public void A_signal_ends_it_and_the_terminal_has_its_echo_again()
    {
        Start("; stty -a | grep -o -- '-\\?echo ' | tr -d '\\n'; echo after $?");
        string onerec = Directory.GetDirectories("/proc").First(p => Command(p).EndsWith($"\0sql\0--set\0tables={_folder["t"]}\0", StringComparison.Ordinal));
        Desk.Capture("kill", ["-s", "TERM", Path.GetFileName(onerec)], Limit);
        Wait("after 0", 0);
        Assert.Contains("echo after", _shown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("-echo after", _shown.ToString(), StringComparison.Ordinal);
    }

    private static string Command(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private void Start(string then = "")
    {
        Skip.Unless(OperatingSystem.IsLinux() && Desk.OnPath("script") is not null, "no script of util-linux");
        Directory.CreateDirectory(_folder["t"]);
        var start = new ProcessStartInfo("script", ["-qec", $"{(then.Length == 0 ? "exec " : "")}'{OneRecCommand.Path}' sql --set tables={_folder["t"]}{then}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        (start.Environment["XDG_STATE_HOME"], start.Environment["TERM"], start.Environment["SHELL"]) = (_folder["state"], "xterm", "/bin/sh");
        _process = Process.Start(start)!;
        new Thread(Listen) { IsBackground = true }.Start();
        Wait("onerec> ", 0);

        Thread.Sleep(Pause);
    }

    private void Listen()
    {
        var buffer = new char[4096];
        while (_process!.StandardOutput.Read(buffer) is > 0 and var count)
        {
            lock (_shown)
            {
                _shown.Append(buffer, 0, count);
            }
        }
    }

    private void Type(string keys, string until)
    {
        int before = Length();
        _process!.StandardInput.Write(keys);
        _process.StandardInput.Flush();
        Wait(until, before);
    }

    private int Length()
    {
        lock (_shown)
        {
            return _shown.Length;
        }
    }

    private void Wait(string text, int from)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            lock (_shown)
            {
                string shown = _shown.ToString(from, _shown.Length - from);
                if (shown.Contains(text, StringComparison.Ordinal))
                {
                    return;
                }

                Assert.True(watch.Elapsed < Limit, $"'{text}' was not shown, but: {shown}");
            }

            Thread.Sleep(50);
        }
    }
}
