using System.Diagnostics;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Job;

/// <summary>Runs the built command as a user does, in a process of its own.</summary>
internal static class OneRecCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>The executable beside the tests.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "onerec");

    /// <summary>Runs it to its end.</summary>
    public static (int Exit, string Output, string Error) Run(params IEnumerable<string> arguments) =>
        Desk.Capture(Path, arguments, Limit);

    /// <summary>Runs it to its end with more variables in its environment.</summary>
    public static (int Exit, string Output, string Error) RunWith(Dictionary<string, string?> environment, IEnumerable<string> arguments) =>
        Desk.Capture(Path, arguments, Limit, environment: environment);

    /// <summary>Runs it to its end and requires success.</summary>
    /// <returns>Standard output.</returns>
    public static string Succeed(params IEnumerable<string> arguments)
    {
        (int exit, string output, string error) = Run(arguments);
        Assert.True(exit == 0, $"exit {exit}: {error}");
        return output;
    }

    /// <summary>Starts it, to be killed.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">More variables of its environment.</param>
    /// <param name="said">Takes the lines of its standard error.</param>
    public static Process Start(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, Action<string>? said = null)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => said?.Invoke(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
