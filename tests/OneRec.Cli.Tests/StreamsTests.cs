using OneRec.Testing;

namespace OneRec.Cli.Tests;

/// <summary>Standard streams that are closed, full or read no further, and a process with too little of what it needs.</summary>
public sealed class StreamsTests : IDisposable
{
    private const string Onerec = "\"$ONEREC\"";

    private readonly ScratchFolder _folder = new();

    public static bool IsLinux => OperatingSystem.IsLinux();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("options > /dev/full", "No space left on device")]
    [InlineData("options >&-", "it is closed")]
    [InlineData("--help > /dev/full", "No space left on device")]
    [InlineData("--version >&-", "it is closed")]
    [InlineData("options < /dev/null >&- 0<&-", "it is closed")]
    public void Standard_output_that_cannot_be_written_is_one_line_and_exit_5(string command, string reason)
    {
        (int exit, _, string error) = Shell($"{Onerec} {command}");

        Assert.Equal(5, exit);
        Assert.Equal(
            $"error io.output: standard output cannot be written: {reason}; what was done is kept, only its result is not printed\n", error);
    }

    [Theory]
    [InlineData("options 2>/dev/full")]
    [InlineData("options 2>&-")]
    [InlineData("options --verbose 2>/dev/full")]
    [InlineData("options --verbose 2>&-")]
    [InlineData("sample --out out --items 100 --users 50 --interactions 2000 2>/dev/full")]
    [InlineData("sample --out out --items 100 --users 50 --interactions 2000 2>&-")]
    public void A_job_does_not_end_because_standard_error_cannot_be_written(string command)
    {
        (int exit, string output, _) = Shell($"{Onerec} {command}");

        Assert.Equal(0, exit);
        Assert.Contains(command.StartsWith("options", StringComparison.Ordinal) ? "seed = 1" : "interactions  2,000", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check --set threads=0 2>/dev/full", 2)]
    [InlineData("check --set threads=0 2>&-", 2)]
    [InlineData("check --set threads=0 2>&- >&-", 2)]
    public void An_error_that_nobody_can_read_keeps_its_exit_code(string command, int code)
    {
        Assert.Equal(code, Shell($"{Onerec} {command}").Exit);
    }

    /// <remarks>A file that is opened where a descriptor is closed gets its number: results would be written into it.</remarks>
    [Fact]
    public void With_every_stream_closed_no_file_gets_what_is_printed()
    {
        (int exit, _, _) = Shell($"{Onerec} sample --out out --items 100 --users 50 --interactions 2000 --verbose <&- >&- 2>&-");

        Assert.Equal(5, exit);
        Assert.Equal(2_001, File.ReadLines(_folder["out/interactions.csv"]).Count());
        Assert.DoesNotContain("interactions  ", string.Concat(Directory.EnumerateFiles(_folder["out"], "*.csv").Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_stops_early_ends_the_command_quietly()
    {
        (int exit, string output, string error) = Shell(
            $"set -o pipefail; {Onerec} sql 'SELECT range AS n FROM range(1000000000)' --output csv --set tables=tables | head -n 2");

        Assert.Equal((0, "n\r\n0\r\n", ""), (exit, output, error));
    }

    [Fact]
    public void A_working_directory_that_was_removed_is_one_line()
    {
        (int exit, string output, string error) = Shell($"mkdir gone; cd gone; rmdir ../gone; {Onerec} options");

        Assert.Equal((2, ""), (exit, output));
        Assert.Equal(
            "error io.working-directory: the working directory does not exist any more; change to another folder and run the command again\n", error);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(191)]
    public void Too_few_file_descriptors_are_one_line_whose_cure_works(int limit)
    {
        (int exit, string output, string error) = Shell($"ulimit -n {limit}; {Onerec} options");

        Assert.Equal((5, ""), (exit, output));
        Assert.Equal(
            "error io.files: this process may open too few files at once (a job opens up to 192, and more with many threads or inputs); "
            + "raise the limit, such as by 'ulimit -n 1024', and run the command again\n",
            error);
        Assert.Equal(0, Shell($"ulimit -n 1024; {Onerec} options").Exit);
    }

    /// <remarks>Most of them are held by the runtime for the program's assemblies.</remarks>
    [Fact]
    public void A_whole_job_runs_with_as_many_descriptors_as_are_required()
    {
        Shell($"{Onerec} sample --out data --items 200 --users 50 --interactions 2000 --tokens 2x4");
        (int exit, _, string error) = Shell(
            $"ulimit -n 192; {Onerec} run --set tables=tables --set report.path=page.html --set input.items=data/items.csv "
            + "--set input.interactions=data/interactions.csv --set input.tokens=data/tokens.parquet --set train.codes=4 "
            + "--set 'embed.inputs=[{\"block\":\"tokens\"}]'");

        Assert.True(exit == 0, $"exit {exit}: {error}");
    }

    private (int Exit, string Output, string Error) Shell(string script)
    {
        Skip.Unless(IsLinux, "the shell's redirections and /dev/full are those of Linux");
        return Desk.Capture(
            "bash",
            ["-c", script],
            TimeSpan.FromMinutes(2),
            new Dictionary<string, string?> { ["ONEREC"] = Path.Combine(AppContext.BaseDirectory, "onerec") },
            _folder.Path);
    }
}
