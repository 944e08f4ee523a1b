using OneRec.Testing;

namespace OneRec.Cli.Tests;

/// <summary>The scripts in a checkout of their own, with a <c>dotnet</c> that only writes down what it was asked.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ScriptsTests : IDisposable
{
    private const string Dotnet = """
        #!/usr/bin/env bash
        cd "$(dirname "$0")/.."
        if [ "$1" = --version ]; then
          [ ! -e no-icu ] || { echo "Process terminated. Couldn't find a valid ICU package installed on the system."; exit 134; }
          [ ! -e no-sdk ] || { echo "A compatible .NET SDK was not found."; exit 155; }
          echo 10.0.401
          exit 0
        fi
        echo "$*" >>builds
        [ ! -e broken ] || { echo "X.cs(1,2): error CS0103: no such name"; exit 1; }
        mkdir -p artifacts/bin/OneRec.Cli/release
        printf '#!/usr/bin/env bash\necho "onerec in $PWD:"; printf "<%%s>" "$@"; exit 7\n' >artifacts/bin/OneRec.Cli/release/onerec
        chmod +x artifacts/bin/OneRec.Cli/release/onerec
        """;

    // In a folder of its own: the demo looks for ../shared, which the machine's folder for temporary files could have.
    private readonly ScratchFolder _checkout = new("checkout");

    public ScriptsTests()
    {
        Skip.Unless(Desk.OnPath("bash") is not null, "no bash on PATH");
        foreach (string folder in new[] { "scripts", "bin", "src", "conf/models" })
        {
            Directory.CreateDirectory(_checkout[folder]);
        }

        foreach (string script in Directory.GetFiles(Path.Combine(Desk.Root, "scripts")))
        {
            File.Copy(script, _checkout["scripts/" + Path.GetFileName(script)]);
        }

        foreach (string file in new[] { "global.json", "Directory.Build.props", "Directory.Packages.props", "conf/nlog.config" })
        {
            File.Copy(Path.Combine(Desk.Root, file), _checkout[file]);
        }

        File.WriteAllText(_checkout["src/A.cs"], "");
        File.WriteAllText(_checkout["bin/dotnet"], Dotnet.ReplaceLineEndings("\n"));
        File.SetUnixFileMode(_checkout["bin/dotnet"], (UnixFileMode)0b111_101_101);
    }

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public void Onerec_builds_once_and_then_only_when_a_source_changed_or_went()
    {
        (int exit, string output, string error) = Script("onerec", "run", "a b");
        Assert.Equal((7, $"onerec in {_checkout.Path}:\n<run><a b>"), (exit, output));
        Assert.Contains("building OneRec.Cli.csproj (Release)...", error, StringComparison.Ordinal);
        Assert.Equal((7, ""), Quiet(Script("onerec")));
        Assert.Equal(1, Builds());

        File.SetLastWriteTimeUtc(_checkout["src/A.cs"], File.GetLastWriteTimeUtc(_checkout["src/A.cs"]).AddSeconds(5));
        File.SetLastWriteTimeUtc(_checkout["artifacts/.onerec-built"], File.GetLastWriteTimeUtc(_checkout["src/A.cs"]).AddSeconds(-1));
        Script("onerec");
        Assert.Equal(2, Builds());

        // What went changes its folder's time; the build before it is put into the past.
        File.Delete(_checkout["src/A.cs"]);
        File.SetLastWriteTimeUtc(_checkout["artifacts/.onerec-built"], Directory.GetLastWriteTimeUtc(_checkout["src"]).AddSeconds(-1));
        Script("onerec");
        Assert.Equal(3, Builds());
    }

    [Fact]
    public void A_build_that_fails_shows_what_it_said_and_is_tried_again()
    {
        File.WriteAllText(_checkout["broken"], "");
        (int exit, string output, string error) = Script("onerec", "run");
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("X.cs(1,2): error CS0103", error, StringComparison.Ordinal);
        Assert.EndsWith("the build failed\n", error, StringComparison.Ordinal);
        File.Delete(_checkout["broken"]);
        Assert.Equal(7, Script("onerec", "run").Exit);
    }

    [Theory]
    [InlineData("no-icu", "ICU is missing: install libicu (")]
    [InlineData("no-sdk", "global.json requires .NET SDK 10.")]
    public void What_is_missing_is_one_line_that_says_how_it_is_had(string missing, string line)
    {
        File.WriteAllText(_checkout[missing], "");
        (int exit, string output, string error) = Script("onerec", "run");
        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith(line, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => !l.StartsWith("building", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Demo_takes_the_folders_it_is_given_and_says_so()
    {
        foreach (string file in new[] { "d/ratings.csv", "d/movies.csv", "d/tags.csv", "e \"x\"/model-int8.onnx", "e \"x\"/vocab.txt" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_checkout[file])!);
            File.WriteAllText(_checkout[file], "");
        }

        (int exit, string output, string error) = Script("demo", "--data", "d", "--encoder", "e \"x\"", "--out", "o");
        Assert.Equal(7, exit);
        Assert.Contains("demo on MovieLens (from --data)", error, StringComparison.Ordinal);
        Assert.Contains("<run><--engine><local><--conf>", output, StringComparison.Ordinal);
        Assert.Contains($"<tables={_checkout["o/tables"]}>", output, StringComparison.Ordinal);
        Assert.Contains($"<input.interactions={_checkout["d/ratings.csv"]}>", output, StringComparison.Ordinal);
        Assert.Contains($"\"encoder\":\"{_checkout["e \\\"x\\\""]}\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Demo_without_data_says_why_it_generates_a_sample_and_how_to_get_the_other()
    {
        (int exit, string _, string error) = Script("demo");
        Assert.Equal(7, exit);
        Assert.Contains("<sample><--out>", error, StringComparison.Ordinal);
        Assert.Contains("demo on a generated sample: MovieLens and its encoder are not in ../shared.", error, StringComparison.Ordinal);
        Assert.Contains("scripts/demo --data FOLDER --encoder FOLDER", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--data d", "scripts/demo: give both --data and --encoder, or neither")]
    [InlineData("--data d --encoder e", "has no ratings.csv; see scripts/demo --help")]
    [InlineData("--nope", "scripts/demo: unknown option '--nope'; see scripts/demo --help")]
    [InlineData("--out", "scripts/demo: --out needs a value")]
    public void Demo_refuses_what_it_cannot_use_in_one_line(string line, string problem)
    {
        (int exit, string output, string error) = Script("demo", line.Split(' '));
        Assert.Equal((1, ""), (exit, output));
        Assert.EndsWith(problem + "\n", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("scripts/onerec")]
    [InlineData("scripts/demo")]
    [InlineData("scripts/test")]
    [InlineData("scripts/format")]
    [InlineData("scripts/docs")]
    [InlineData(".ci/run")]
    public void Every_script_is_executable_says_its_usage_and_stops_at_the_first_failure(string script)
    {
        string path = Path.Combine(Desk.Root, script);
        Assert.True(File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute), $"{script} is not executable");
        string[] lines = File.ReadAllLines(path);
        Assert.Equal("#!/usr/bin/env bash", lines[0]);
        Assert.Contains(lines.Take(6), l => l.StartsWith($"#   {script}", StringComparison.Ordinal));
        Assert.Contains("set -euo pipefail", lines);
        Assert.Equal((0, ""), Quiet(Desk.Capture("bash", ["-n", path], TimeSpan.FromSeconds(10))));
    }

    private static (int Exit, string Error) Quiet((int Exit, string Output, string Error) run) => (run.Exit, run.Error);

    private (int Exit, string Output, string Error) Script(string name, params string[] args) => Desk.Capture(
        "bash",
        [_checkout["scripts/" + name], .. args],
        TimeSpan.FromSeconds(30),
        new Dictionary<string, string?> { ["PATH"] = $"{_checkout["bin"]}:{Environment.GetEnvironmentVariable("PATH")}" },
        _checkout.Path);

    private int Builds() => File.ReadAllLines(_checkout["builds"]).Length;
}
