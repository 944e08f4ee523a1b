using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Job;

/// <summary>A bad night on Spark: what is killed there leaves tables at their last commit, and the next run goes on.</summary>
public abstract class SparkFaultTests(string version, SampleJob sample)
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    /// <summary>What happens to a run.</summary>
    private enum Fault
    {
        DriverKilled,
        JvmKilled,
        CtrlC,
    }

    [Fact]
    public void Struck_again_and_again_a_job_is_completed_and_leaves_what_the_local_engine_does()
    {
        string home = Desk.SparkHome(version);
        string undisturbed = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(undisturbed));
        string tables = sample.NewTables();
        foreach ((string moment, Fault fault) in new[]
        {
            ("items/_delta_log/00000000000000000000.json", Fault.DriverKilled),
            ("item_similarity/_delta_log/00000000000000000000.json", Fault.JvmKilled),
            ("item_embeddings/_delta_log/00000000000000000000.json", Fault.CtrlC),
            ("_checkpoints/train/level-0", Fault.DriverKilled),
            ("codebooks/_delta_log/00000000000000000000.json", Fault.JvmKilled),
            ("semantic_ids/_delta_log/00000000000000000000.json", Fault.CtrlC),
        })
        {
            Strike(home, tables, moment, fault);
            TableText.RequireWhole(tables);
        }

        (int exit, string _, string error) = OneRecCommand.RunWith(Environment(home), OnSpark(tables));
        Assert.True(exit == 0, error);
        Assert.Contains("up to date", error);
        TableText.RequireEqual(undisturbed, tables, "struck on Spark", but: "quality");
        Assert.False(Directory.Exists(Path.Combine(tables, "_scratch")), "scratch was left");
    }

    private static Dictionary<string, string?> Environment(string home) => new() { ["SPARK_HOME"] = home };

    private IEnumerable<string> OnSpark(string tables) =>
        [.. sample.Run(tables, "spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1"), "--engine", "spark"];

    private void Strike(string home, string tables, string moment, Fault fault)
    {
        var said = new ConcurrentQueue<string>();
        using Process process = OneRecCommand.Start(OnSpark(tables), Environment(home), said.Enqueue);
        string sign = Path.Combine(tables, moment);
        while (!process.HasExited && !File.Exists(sign))
        {
            Thread.Sleep(5);
        }

        string all = string.Join('\n', said);
        Assert.False(process.HasExited, $"the run was over before {moment} was there: {all}");
        string jvm = Desk.Capture("pgrep", ["-P", $"{process.Id}", "java"], EndLimit).Output.Trim();
        Assert.NotEmpty(jvm);
        string target = fault == Fault.JvmKilled ? jvm : process.Id.ToString(CultureInfo.InvariantCulture);
        Desk.Capture("kill", [fault == Fault.CtrlC ? "-INT" : "-KILL", target], EndLimit);
        Assert.True(process.WaitForExit(EndLimit), $"the run went on after {fault} at {moment}");
        process.WaitForExit();
        string[] errors = [.. said.Where(l => l.StartsWith("error ", StringComparison.Ordinal))];
        switch (fault)
        {
            case Fault.DriverKilled:
                Assert.Equal(128 + 9, process.ExitCode);
                break;
            case Fault.JvmKilled:
                Assert.Equal(5, process.ExitCode);
                Assert.StartsWith("error spark.gone: ", Assert.Single(errors));
                break;
            case Fault.CtrlC:
                Assert.Equal(130, process.ExitCode);
                break;
        }

        // A JVM whose driver is gone ends by itself: its standard input is closed.
        Assert.True(
            SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{jvm}"), EndLimit), $"the JVM lives on after {fault} at {moment}");
    }
}

// A campaign of minutes.
[Trait(TestKind.Trait, TestKind.All)]
public sealed class FaultsOnSpark35Tests(SampleJob sample) : SparkFaultTests("3.5.3", sample), IClassFixture<SampleJob>;

[Trait(TestKind.Trait, TestKind.All)]
public sealed class FaultsOnSpark40Tests(SampleJob sample) : SparkFaultTests("4.0.5", sample), IClassFixture<SampleJob>;
