using OneRec.Testing;

namespace OneRec.Cli.Tests;

/// <summary>What <c>jobs/</c> gives to systemd and cron, as far as these can judge it without running it.</summary>
public sealed class JobsTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Systemd_accepts_the_units()
    {
        Skip.Unless(Desk.OnPath("systemd-analyze") is not null, "no systemd-analyze on PATH");
        string[] units = ["onerec-nightly.service", "onerec-nightly.timer"];
        foreach (string unit in units)
        {
            File.WriteAllText(_folder[unit], File.ReadAllText(Job(unit)).Replace("/opt/onerec", Desk.Root, StringComparison.Ordinal));
        }

        (int exit, string output, string error) = Desk.Capture("systemd-analyze", ["verify", .. units.Select(u => _folder[u])], Limit);
        Assert.True(exit == 0 && (output + error).Trim().Length == 0, output + error);
    }

    [Fact]
    public void Lines_of_the_crontab_have_a_time_and_a_command_that_a_shell_parses()
    {
        string[] lines = [.. File.ReadLines(Job("crontab")).Where(l => l.Length > 0 && l[0] is not '#' && !l.Split(' ')[0].Contains('='))];
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line =>
        {
            string[] fields = line.Split(' ', 6);
            Assert.All(fields[..5], field => Assert.Matches(@"^(\*|\d+)$", field));

            // In a crontab, a percent sign that is not escaped is a line break.
            Assert.DoesNotMatch(@"(?<!\\)%", fields[5]);
            (int exit, _, string error) = Desk.Capture("bash", ["-n", "-c", fields[5].Replace("\\%", "%", StringComparison.Ordinal)], Limit);
            Assert.True(exit == 0, error);
        });
    }

    [Theory]
    [InlineData("crontab")]
    [InlineData("onerec-nightly.service")]
    public void Scripts_and_commands_that_they_name_exist(string job)
    {
        string text = File.ReadAllText(Job(job));
        string[] commands = [.. StepComposition.All.RunOrder, "run", "verify", "maintain"];
        foreach (System.Text.RegularExpressions.Match match in System.Text.RegularExpressions.Regex.Matches(text, @"scripts/onerec (\w+)"))
        {
            Assert.Contains(match.Groups[1].Value, commands);
        }

        Assert.Contains("jobs/nightly my.json", text, StringComparison.Ordinal);
        Assert.True(File.Exists(Job("nightly")));
    }

    private static string Job(string name) => Path.Combine(Desk.Root, "jobs", name);
}
