using System.Diagnostics;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Job;

/// <summary>A run that is killed: every table stays at a whole version, and the next run completes it.</summary>
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class KillTests(SampleJob sample) : IClassFixture<SampleJob>
{
    private const int Kills = 10;

    [Fact]
    public void Killed_at_ten_moments_and_resumed_a_run_leaves_the_same_tables_as_an_undisturbed_one()
    {
        string undisturbed = sample.NewTables();
        var watch = Stopwatch.StartNew();
        OneRecCommand.Succeed(sample.Run(undisturbed));
        TimeSpan whole = watch.Elapsed;

        for (int kill = 0; kill < Kills; kill++)
        {
            // In equal steps from the start to the end.
            string tables = Struck([], (process, _) =>
            {
                watch.Restart();
                if (process.WaitForExit(whole * ((kill + 1.0) / (Kills + 1))))
                {
                    // Faster than the first: the steps are parts of this run from now on.
                    whole = watch.Elapsed;
                }
            });

            TableText.RequireWhole(tables);
            OneRecCommand.Succeed(sample.Run(tables));
            TableText.RequireEqual(undisturbed, tables, $"killed at {kill + 1} of {Kills + 1} parts of the run");
        }
    }

    [Fact]
    public void Killed_right_after_each_commit_and_resumed_a_run_leaves_the_same_tables()
    {
        string undisturbed = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(undisturbed));

        foreach (string table in TableText.Compared.Append("runs"))
        {
            string tables = Struck([], UntilThere(table, "_delta_log", "00000000000000000000.json"));
            TableText.RequireWhole(tables);
            OneRecCommand.Succeed(sample.Run(tables));
            TableText.RequireEqual(undisturbed, tables, $"killed at the first commit of {table}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Killed_between_levels_training_goes_on_after_the_last_finished_one(int level)
    {
        // Enough passes that a level takes longer than the kill.
        string[] slow = ["train.epochs=300"];
        string undisturbed = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(undisturbed, slow));
        string tables = Struck(slow, UntilThere(".checkpoints", "train", $"level-{level}"));
        Assert.False(Directory.Exists(Path.Combine(tables, "codebooks")), "the training was over before the kill");
        (int exit, string output, string error) = OneRecCommand.Run(sample.Run(tables, slow));
        Assert.True(exit == 0, error);
        Assert.Matches($"[{level + 1}-3] of 3 levels were finished by an interrupted run", output + error);
        TableText.RequireEqual(undisturbed, tables, $"killed after level {level}");
        Assert.False(Directory.Exists(Path.Combine(tables, ".checkpoints", "train")));
    }

    [Fact]
    public void Interrupted_by_ctrl_c_a_run_ends_with_130_and_the_next_one_goes_on()
    {
        string undisturbed = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(undisturbed));
        string tables = sample.NewTables();
        using Process process = OneRecCommand.Start(sample.Run(tables));
        while (!process.HasExited && !Directory.Exists(Path.Combine(tables, "item_similarity", "_delta_log")))
        {
            Thread.Sleep(1);
        }

        Desk.Capture("kill", ["-INT", $"{process.Id}"], TimeSpan.FromSeconds(10));
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)), "the run went on after Ctrl-C");
        Assert.Equal(130, process.ExitCode);

        TableText.RequireWhole(tables);
        OneRecCommand.Succeed(sample.Run(tables));
        TableText.RequireEqual(undisturbed, tables, "interrupted");
    }

    /// <summary>Waits until a path below the tables is there, or the run is over.</summary>
    private static Action<Process, string> UntilThere(params string[] path) => (process, tables) =>
    {
        string sign = Path.Combine([tables, .. path]);
        while (!process.HasExited && !Path.Exists(sign))
        {
            Thread.Sleep(1);
        }
    };

    /// <summary>Kills a run on new tables. A kill that comes after the run's end proves nothing: then another run is killed.</summary>
    /// <param name="more">Further settings of the run.</param>
    /// <param name="wait">Given the process and its tables, returns when it is to be killed.</param>
    /// <returns>The tables that the killed run left.</returns>
    private string Struck(string[] more, Action<Process, string> wait)
    {
        const int Tries = 5;
        for (int tried = 0; tried < Tries; tried++)
        {
            string tables = sample.NewTables();
            using Process process = OneRecCommand.Start(sample.Run(tables, more));
            wait(process, tables);
            if (Desk.Strike(process))
            {
                return tables;
            }

            Assert.Equal(0, process.ExitCode);
        }

        throw new InvalidOperationException($"{Tries} runs were over before they were to be killed");
    }
}
