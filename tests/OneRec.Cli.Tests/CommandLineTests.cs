using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Cli.Tests;

public sealed class CommandLineTests
{
    private readonly Started _onerec = new();

    [Fact]
    public void Run_runs_all_steps_with_the_options_in_force()
    {
        _onerec.Environment["ONEREC__SEED"] = "7";
        Assert.Equal(0, _onerec.Run("run", "--engine", "spark", "--set", "threads=2"));
        Assert.Equal([$"run {string.Join(',', StepComposition.All.RunOrder)} engine spark seed 7"], _onerec.Backend.Calls);
    }

    [Fact]
    public void A_step_alone_runs_that_step()
    {
        Assert.Equal(0, _onerec.Run("train", "--set", "seed=3", "--set", "threads=1"));
        Assert.Equal(["run train engine local seed 3"], _onerec.Backend.Calls);
    }

    [Fact]
    public void A_configuration_file_is_read_beside_the_working_directory()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["my.json"], """{ "seed": 5 }""");
        _onerec.Folder = folder.Path;
        Assert.Equal(0, _onerec.Run("run", "--conf", "my.json"));
        Assert.Equal([$"run {string.Join(',', StepComposition.All.RunOrder)} engine local seed 5"], _onerec.Backend.Calls);
    }

    [Fact]
    public void Lookup_takes_items_or_a_prefix()
    {
        Assert.Equal(0, _onerec.Run("lookup", "1", "@x", "007"));
        Assert.Equal(0, _onerec.Run("lookup", "--sid", "12-7"));
        Assert.Equal(0, _onerec.Run("lookup", "--sid", "12", "--limit", "5"));
        Assert.Equal(["items 1,@x,007", "sid 12-7 limit 100", "sid 12 limit 5"], _onerec.Backend.Calls);
    }

    [Fact]
    public void Sql_may_come_from_standard_input()
    {
        _onerec.Input = "SELECT 1\n";
        Assert.Equal(0, _onerec.Run("sql", "-"));
        Assert.Equal(["sql SELECT 1\n"], _onerec.Backend.Calls);
    }

    [Fact]
    public void Model_check_takes_paths_from_the_working_directory_and_the_device_from_the_options()
    {
        _onerec.Folder = "/base";
        Assert.Equal(0, _onerec.Run("model", "check", "m", "--manifest", "c.json", "--text", "x", "--image", "i.png", "--set", "embed.device=cuda"));
        Assert.Equal(0, _onerec.Run("model", "check", "/m"));
        Assert.Equal(
            ["model check /base/m /base/c.json x /base/i.png cuda", "model check /m  Toy Story (1995). Adventure, Animation  cpu"],
            _onerec.Backend.Calls);
        Assert.Equal("kind  text\n", _onerec.Out);
        Assert.Equal(2, _onerec.Run("model"));
        Assert.Equal(2, _onerec.Run("model", "check"));
    }

    [Fact]
    public void Sample_writes_below_the_working_directory()
    {
        _onerec.Folder = "/base";
        Assert.Equal(0, _onerec.Run("sample", "--out", "x", "--items", "10", "--tokens", "4x32"));
        string call = Assert.Single(_onerec.Backend.Calls);
        Assert.StartsWith("sample /base/x SampleOptions { Items = 10, ", call, StringComparison.Ordinal);
        Assert.Contains(" Tokens = 4, Dimensions = 32, TokenType = Float, Style = 0, Covers = 0, Seed = 1 ", call, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_takes_a_format_a_folder_and_what_to_do_with_twins()
    {
        _onerec.Folder = "/base";
        Assert.Equal(0, _onerec.Run("export", "--format", "grid", "--out", "x/y", "--set", "codebook=newest"));
        Assert.Equal(0, _onerec.Run("export", "--format", "trie", "--out", "/z", "--twins", "first", "--deleted", "--overwrite", "--output", "json"));
        Assert.Equal(
            [
                "export ExportRequest { Format = grid, Folder = /base/x/y, GivenFolder = x/y, Twins = , WithDeleted = False, Overwrite = False } codebook newest",
                "export ExportRequest { Format = trie, Folder = /z, GivenFolder = /z, Twins = First, WithDeleted = True, Overwrite = True } codebook current",
            ],
            _onerec.Backend.Calls);
        Assert.Equal("{\n  \"items\": 9125\n}\n", _onerec.Out);

        Assert.Equal(2, _onerec.Run("export"));
        Assert.Contains("--format is missing; name one of openonerec, minionerec, ", _onerec.Error, StringComparison.Ordinal);
        Assert.Contains("--out is missing; name the folder to write", _onerec.Error, StringComparison.Ordinal);
        Assert.Equal(2, _onerec.Run("export", "--format", "pickle", "--out", "x", "--twins", "both"));
        Assert.Contains("--format must be one of openonerec, ", _onerec.Error, StringComparison.Ordinal);
        Assert.Contains("--twins must be one of share, slot, first, fail (got 'both')", _onerec.Error, StringComparison.Ordinal);
        Assert.Equal(2, _onerec.Run("export", "--format", "grid", "--out", " "));
        Assert.Equal(2, _onerec.Backend.Calls.Count);
    }

    [Fact]
    public void Version_is_told()
    {
        Assert.Equal(0, _onerec.Run("--version"));
        Assert.Equal("onerec 1.2.3+abc\n", _onerec.Out);
    }

    [Fact]
    public void No_command_is_help_on_standard_error_and_exit_2()
    {
        Assert.Equal(2, _onerec.Run());
        Assert.Equal("", _onerec.Out);
        Assert.StartsWith("onerec - semantic IDs", _onerec.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rum", "unknown command 'rum'; did you mean run?", "onerec")]
    [InlineData("run --sett a=b", "unknown option '--sett'; did you mean --set?", "onerec run")]
    [InlineData("run more", "unexpected argument 'more'", "onerec run")]
    [InlineData("lookup", "give item ids, or --sid with a semantic ID or a prefix of one", "onerec lookup")]
    [InlineData("lookup 1 --sid 2", "give item ids or --sid, not both", "onerec lookup")]
    [InlineData("lookup --sid 2 --limit 0", "--limit must be at least 1", "onerec lookup")]
    [InlineData("init", "no files given; name at least one file or folder", "onerec init")]
    [InlineData("init --log a.csv", "unknown option '--log'; if it is a path, write ./--log", "onerec init")]
    [InlineData("sample --tokens 8", "--tokens must be vectors x floats, such as 8x64", "onerec sample")]
    [InlineData("sample --items 0", "--items must be 1 to 100000000 (got 0)", "onerec sample")]
    public void A_bad_command_line_is_exit_2_and_says_how(string line, string problem, string help)
    {
        Assert.Equal(2, _onerec.Run(line.Split(' ')));
        Assert.Contains($"error cli.usage: {problem}\n", _onerec.Error, StringComparison.Ordinal);
        Assert.EndsWith($"run '{help} --help' for usage\n", _onerec.Error, StringComparison.Ordinal);
        Assert.Empty(_onerec.Backend.Calls);
        Assert.Equal("", _onerec.Out);
    }

    [Theory]
    [InlineData("run --engine flink", "flink")]
    [InlineData("run --output xml", "xml")]
    [InlineData("sql", "SELECT")]
    [InlineData("run --conf", "--conf")]
    [InlineData("lookup 1 --limit x", "x")]
    public void The_parsers_own_errors_are_exit_2_in_one_line(string line, string names)
    {
        Assert.Equal(2, _onerec.Run(line.Split(' ')));
        string[] lines = _onerec.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("error cli.usage: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(names, lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_with_the_configuration_is_told_a_line_each()
    {
        Assert.Equal(2, _onerec.Run("run", "--conf", "no.json", "--set", "sed=1", "--set", "threads=x"));
        Assert.Equal(
            "error config.invalid: configuration file no.json does not exist\n"
            + "error config.invalid: sed is not an option; did you mean seed? [--set]\n"
            + "error config.invalid: threads must be a whole number of at most 2147483647 (got \"x\") [--set]\n",
            _onerec.Error);
        Assert.Empty(_onerec.Backend.Calls);
    }

    [Theory]
    [InlineData(ErrorKind.Configuration, 2)]
    [InlineData(ErrorKind.Input, 3)]
    [InlineData(ErrorKind.Table, 4)]
    [InlineData(ErrorKind.Engine, 5)]
    public void An_error_is_one_line_and_its_kind_is_the_exit_code(ErrorKind kind, int code)
    {
        _onerec.Backend.During = _ => throw new OneRecException(kind, "a.b", "this\nis wrong", new IOException("inner words"));
        Assert.Equal(code, _onerec.Run("run"));
        Assert.Equal("error a.b: this is wrong\n", _onerec.Error);
        Assert.Equal("", _onerec.Out);
    }

    [Fact]
    public void Details_are_told_only_when_verbose()
    {
        _onerec.Backend.During = _ => throw new OneRecException(
            ErrorKind.Input, "a.b", "this is wrong", new IOException("inner words"));
        Assert.Equal(3, _onerec.Run("run", "--verbose"));
        Assert.StartsWith("error a.b: this is wrong\n", _onerec.Error, StringComparison.Ordinal);
        Assert.Contains("inner words", _onerec.Error, StringComparison.Ordinal);
        Assert.Contains("   at ", _onerec.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_foresaw_is_our_bug_and_exit_1()
    {
        _onerec.Backend.During = _ => throw new InvalidOperationException("odd");
        Assert.Equal(1, _onerec.Run("run"));
        Assert.Equal(
            "error bug: InvalidOperationException: odd\n"
            + "This is a bug in OneRec.Spark. Please report it with the output of --verbose.\n",
            _onerec.Error);
    }

    [Fact]
    public void The_known_error_among_those_of_parallel_work_is_told()
    {
        _onerec.Backend.During = _ => throw new AggregateException(
            new OperationCanceledException(), OneRecException.Input("x.y", "row 3 is bad"));
        Assert.Equal(3, _onerec.Run("run"));
        Assert.Equal("error x.y: row 3 is bad\n", _onerec.Error);
    }

    [Fact]
    public void Interrupted_is_130_also_where_the_interrupted_call_fails_in_its_own_words()
    {
        using var cancellation = new CancellationTokenSource();
        _onerec.Cancellation = cancellation.Token;
        _onerec.Backend.During = _ => cancellation.Cancel();
        Assert.Equal(130, _onerec.Run("run"));
        Assert.Equal("interrupted: every table is at its last commit; run the same command again to continue\n", _onerec.Error);
        _onerec.Backend.During = _ => throw new InvalidOperationException("INTERRUPT Error");
        Assert.Equal(130, _onerec.Run("run"));
    }

    [Fact]
    public void A_folder_that_may_not_be_written_is_exit_2_and_a_full_disk_exit_5()
    {
        _onerec.Backend.During = _ => throw new UnauthorizedAccessException("Access to the path '/x' is denied.");
        Assert.Equal(2, _onerec.Run("run"));
        Assert.StartsWith("error io.denied: Access to the path '/x' is denied. Check", _onerec.Error, StringComparison.Ordinal);
        _onerec.Backend.During = _ => throw new IOException("No space left on device : '/x'", 28);
        Assert.Equal(5, _onerec.Run("run"));
        Assert.StartsWith("error io.disk-full: No space left on device", _onerec.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_system_refuses_is_one_line_with_a_cure_and_no_bug_whichever_library_met_it()
    {
        _onerec.Backend.During = _ => throw new FormatException("N7parquet22ParquetStatusExceptionE Detail: [errno 28] No space left on device");
        Assert.Equal(5, _onerec.Run("run"));
        Assert.Equal("error io.disk-full: the disk is full; free some space and run the command again\n", _onerec.Error);
        _onerec.Backend.During = _ => throw new TypeInitializationException(
            "DuckDB", new DllNotFoundException("libduckdb.so: failed to map segment from shared object"));
        Assert.Equal(5, _onerec.Run("run"));
        Assert.Equal(
            "error io.native-library: there is no memory to load a native library; raise the limit (ulimit -v), lower memoryLimit or "
            + "threads, and run the command again\n",
            _onerec.Error);
    }
}
