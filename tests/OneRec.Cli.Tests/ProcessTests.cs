using OneRec.Configuration;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Cli.Tests;

/// <summary>The program as a process of its own.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Version_goes_to_standard_output()
    {
        (int exit, string output, string error) = Onerec(null, "--version");
        Assert.Equal((0, ""), (exit, error));
        Assert.Matches(@"\Aonerec [0-9]+\.[0-9]+\.[0-9]+\S*\n\z", output);
    }

    [Fact]
    public void Errors_go_to_standard_error_and_decide_the_exit_code()
    {
        (int exit, string output, string error) = Onerec(
            new() { ["OneRec__Swing"] = "3" }, "run", "--set", "thread=2");
        Assert.Equal((2, ""), (exit, output));
        Assert.Equal(
            "error config.invalid: swing must be an object {...} (got 3) [environment OneRec__Swing]\n"
            + "error config.invalid: thread is not an option; did you mean threads? [--set]\n",
            error);
    }

    /// <remarks>ONNX Runtime keeps what it collects below the cache folder until it is sent; where <c>CI</c> is set it collects nothing.</remarks>
    [Fact]
    public void A_model_is_run_without_telemetry()
    {
        string home = Directory.CreateDirectory(_folder["home"]).FullName;
        (int exit, string output, string error) = Onerec(
            new() { ["HOME"] = home, ["XDG_CACHE_HOME"] = Path.Combine(home, "cache"), ["CI"] = null, ["ORT_DISABLE_TELEMETRY"] = null },
            "model", "check", new TinyEncoder().WriteTo(_folder["model"]));
        Assert.True(exit == 0, error);
        Assert.Contains("norm", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_sites_log_file_that_is_none_is_exit_2_and_names_it()
    {
        File.WriteAllText(_folder["nlog.config"], "<nlog><target");
        (int exit, string output, string error) = Onerec(new() { ["ONEREC_NLOG"] = _folder["nlog.config"] }, "check");
        Assert.Equal((2, ""), (exit, output));
        Assert.StartsWith($"error log.config: {_folder["nlog.config"]}: not a valid NLog configuration: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Debug_lines_come_only_when_verbose()
    {
        Assert.DoesNotContain("debug onerec: ", Onerec(null, "options").Error, StringComparison.Ordinal);
        (int exit, string output, string error) = Onerec(null, "options", "--verbose");
        Assert.Equal(0, exit);
        Assert.Contains("debug onerec: command options, version ", error, StringComparison.Ordinal);
        Assert.Contains("seed = 1\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_settings_page_is_printed_with_the_meaning_of_each_option()
    {
        (int exit, string output, string _) = Onerec(null, "options", "--markdown");
        Assert.Equal((0, OptionsMarkdown.Write(OptionsReference.Read(StepComposition.All.Schema))), (exit, output));
        Assert.Contains("| `run.retrain` | `false` | true or false | Whether the model and the codebook may change", output, StringComparison.Ordinal);
    }

    private (int Exit, string Output, string Error) Onerec(Dictionary<string, string?>? environment, params string[] args) =>
        Desk.Capture(
            Path.Combine(AppContext.BaseDirectory, "onerec"),
            args,
            TimeSpan.FromSeconds(60),
            environment,
            _folder.Path);
}
