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

        int interrupted = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            string tables = sample.NewTables();
            using (Process process = OneRecCommand.Start(sample.Run(tables)))
            {
                // From the first commit on to the end, in equal steps.
                if (!process.WaitForExit(whole * ((kill + 1.0) / (Kills + 1))))
                {
                    process.Kill();
                    interrupted++;
                }

                process.WaitForExit();
            }

            TableText.RequireWhole(tables);
            OneRecCommand.Succeed(sample.Run(tables));
            TableText.RequireEqual(undisturbed, tables, $"killed at {kill + 1} of {Kills + 1} parts of the run");
        }

        Assert.True(interrupted >= Kills / 2, $"only {interrupted} runs were still going when they were to be killed");
    }

    [Fact]
    public void Killed_right_after_each_commit_and_resumed_a_run_leaves_the_same_tables()
    {
        string undisturbed = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(undisturbed));

        foreach (string table in TableText.Compared.Append("runs"))
        {
            string tables = sample.NewTables();
            string commit = Path.Combine(tables, table, "_delta_log", "00000000000000000000.json");
            using (Process process = OneRecCommand.Start(sample.Run(tables)))
            {
                while (!process.HasExited && !File.Exists(commit))
                {
                    Thread.Sleep(1);
                }

                process.Kill();
                process.WaitForExit();
            }

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
        string tables = sample.NewTables();
        string finished = Path.Combine(tables, ".checkpoints", "train", $"level-{level}");
        using (Process process = OneRecCommand.Start(sample.Run(tables, slow)))
        {
            while (!process.HasExited && !File.Exists(finished))
            {
                Thread.Sleep(1);
            }

            process.Kill();
            process.WaitForExit();
        }

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
}
