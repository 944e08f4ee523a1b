using OneRec.Testing;

namespace OneRec.Cli.Tests;

/// <summary>
/// Help is what <c>Help/*.txt</c> holds, so that a change of it is seen in review. To write the files anew:
/// <c>ONEREC_WRITE_HELP=1 scripts/test --filter-class OneRec.Cli.Tests.HelpTests</c>.
/// </summary>
public sealed class HelpTests
{
    private static readonly string Folder = Path.Combine(Desk.Root, "tests", "OneRec.Cli.Tests", "Help");

    /// <summary>Commands whose page holds no options of the configuration, which change with every step.</summary>
    public static TheoryData<string> Pages => ["", "lookup", "explain", "prefix", "diff", "describe", "sql", "export", "sample", "options", "model check"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Help_is_as_reviewed(string command)
    {
        var onerec = new Started();
        Assert.Equal(0, command.Length == 0 ? onerec.Run("--help") : onerec.Run([.. command.Split(' '), "--help"]));
        Assert.Equal("", onerec.Error);
        string path = Path.Combine(Folder, command.Length == 0 ? "onerec.txt" : command.Replace(' ', '-') + ".txt");
        if (Environment.GetEnvironmentVariable("ONEREC_WRITE_HELP") == "1")
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(path, onerec.Out);
        }

        Assert.Equal(File.ReadAllText(path), onerec.Out);
    }

    [Fact]
    public void Every_command_has_help_that_fits_100_columns_and_teaches()
    {
        var onerec = new Started();
        onerec.Run("--help");
        foreach (string command in Commands())
        {
            Assert.Contains($"\n  {command} ", onerec.Out, StringComparison.Ordinal);
        }

        foreach (string command in Commands())
        {
            Assert.Equal(0, onerec.Run([.. command.Split(' '), "--help"]));
            foreach (string title in new[] { "Usage", "What it does", "Examples", "Options", "Exit codes" })
            {
                Assert.Contains($"\n{title}\n", onerec.Out, StringComparison.Ordinal);
            }

            Assert.DoesNotContain(
                onerec.Out.Split('\n'),
                l => l.Length > 100 && !l.StartsWith("  onerec ", StringComparison.Ordinal)
                    && !l.StartsWith("Configuration, ", StringComparison.Ordinal)
                    && !l.Contains(" = ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_steps_help_lists_the_options_of_its_section_with_their_defaults()
    {
        var onerec = new Started();
        onerec.Run("publish", "--help");
        Assert.Contains("Configuration, section publish (", onerec.Out, StringComparison.Ordinal);
        Assert.Contains("\n  publish.auto = false\n", onerec.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_step_of_the_job_is_a_command() =>
        Assert.Equal([], StepComposition.All.RunOrder.Except(Commands()));

    private static IEnumerable<string> Commands() => new CommandApp(
        new FakeBackend(),
        new Output.Terminal
        {
            In = TextReader.Null,
            Out = TextWriter.Null,
            Error = new Output.ErrorLines(TextWriter.Null),
            WorkingDirectory = "/",
        },
        TimeProvider.System,
        _ => { }).Commands.Select(c => c.Guide.Name);
}
