using System.Diagnostics;
using Xunit;

namespace OneRec.Testing;

/// <summary>
/// What this desk has. A test asks for what it needs; where that is missing the test is skipped with a loud reason
/// (<see cref="Skip"/>: in CI that is a failure unless <c>.ci/allowed-skips</c> names it).
/// </summary>
public static class Desk
{
    /// <summary>The checkout's root, where <c>OneRec.Spark.sln</c> is.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of data, models and Spark archives beside the checkout.</summary>
    public static string Shared { get; } = Path.GetFullPath(Path.Combine(Root, "..", "shared"));

    /// <summary>MovieLens latest-small, or a skip.</summary>
    public static string MovieLens() => SharedFolder("data/ml-latest-small");

    /// <summary>The MiniLM text encoder, or a skip.</summary>
    public static string MiniLm() => SharedFolder("models/all-minilm-l6-v2");

    /// <summary>The folder of the ResNet18 image encoder that ships with the program.</summary>
    public static string ResNet18() => Path.Combine(AppContext.BaseDirectory, "models", "resnet18");

    /// <summary>Tables written by delta-rs with their expected rows, or a skip.</summary>
    public static string DeltaRsTables() => SharedFolder("data/delta-rs-tables");

    /// <summary>An unpacked Spark of a version (<c>3.5.3</c> or <c>4.0.5</c>) and a Java to run it, or a skip.</summary>
    public static string SparkHome(string version)
    {
        string unpack = Path.Combine(Shared, "spark", "unpack");
        Skip.Unless(File.Exists(unpack), $"no Spark: {unpack} is not there");
        Skip.Unless(OnPath("java") is not null, "no Spark: java is not on PATH");
        (int exit, string output, string error) = Capture(unpack, [version], TimeSpan.FromMinutes(3));
        Assert.True(exit == 0, $"unpacking Spark {version} failed: {error}");
        return output.Trim();
    }

    /// <summary>Whether an NVIDIA driver lists a GPU.</summary>
    public static bool HasCuda { get; } =
        OnPath("nvidia-smi") is { } smi && Capture(smi, ["-L"], TimeSpan.FromSeconds(30)) is { Exit: 0, Output.Length: > 0 };

    /// <summary>A folder of the shared data, or a skip.</summary>
    public static string SharedFolder(string relative)
    {
        string folder = Path.Combine(Shared, relative);
        Skip.Unless(Directory.Exists(folder), $"no shared data: {folder} is not there");
        return folder;
    }

    /// <summary>An executable's full path, or null.</summary>
    public static string? OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end and gives exit code, standard output and standard error.</summary>
    /// <exception cref="TimeoutException">It ran longer than allowed; it is killed with its children.</exception>
    public static (int Exit, string Output, string Error) Capture(
        string program,
        IEnumerable<string> arguments,
        TimeSpan limit,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} ran longer than {limit}");
        }

        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Kills a process with SIGKILL and waits for its end.</summary>
    /// <returns>Whether it died of that: false where it had ended before.</returns>
    public static bool Strike(Process process)
    {
        process.Kill();
        process.WaitForExit();
        return process.ExitCode == 128 + 9;
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "OneRec.Spark.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("the tests run from inside a checkout");
    }
}
