using System.Diagnostics;
using System.Text.Json.Nodes;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Job;

/// <summary>What <c>runs</c> and <c>run --dry-run</c> say of runs that were done, failed, were stopped or killed.</summary>
public sealed class RunsTests(SampleJob sample) : IClassFixture<SampleJob>
{
    [Fact]
    public void Runs_are_listed_with_what_came_of_them()
    {
        string tables = sample.NewTables();
        Assert.Empty(Runs(tables));
        string missing = sample.PathOf("no.csv");
        Assert.Equal(3, OneRecCommand.Run(sample.Run(tables, "run.id=none", $"input.items={missing}")).Exit);
        Assert.False(Directory.Exists(Path.Combine(tables, "failures")), "a run that wrote no table left one");

        OneRecCommand.Succeed(sample.Run(tables, "run.id=night-1"));
        Assert.Equal(3, OneRecCommand.Run(sample.Run(tables, "run.id=night-2", $"input.items={missing}")).Exit);
        JsonNode failed = Runs(tables)[0];
        Assert.Equal(("night-2", "failed", "ingest"), ((string?)failed["run_id"], (string?)failed["outcome"], (string?)failed["at_step"]));
        Assert.Equal($"input.items: there is no file or folder {missing}", (string?)failed["message"]);
        Assert.Equal(["night-2"], Runs(tables, "--failed").Select(r => (string?)r["run_id"]));

        // What was up to date is not told again: the same run id, now done.
        OneRecCommand.Succeed(sample.Run(tables, "run.id=night-2", "swing.topK=20"));
        Assert.Equal(["night-2 done", "night-1 done"], Runs(tables).Select(r => $"{r["run_id"]} {r["outcome"]}"));
        Assert.Empty(Runs(tables, "--failed"));
        Assert.Equal(["night-2"], Runs(tables, "--limit", "1").Select(r => (string?)r["run_id"]));
        JsonNode[] steps = Json(sample.Command("runs", tables).Append("night-2"), "steps");
        Assert.Equal(["ingest failed", "swing done", "pairs done", "evaluate done", "report done"], steps.Select(s => $"{s["step"]} {s["outcome"]}"));
        Assert.Equal((3, "item_similarity@1"), ((int)steps[0]["exit_code"]!, (string?)steps[1]["tables"]));

        (int exit, _, string error) = OneRecCommand.Run(sample.Command("runs", tables).Append("night-9"));
        Assert.Equal((2, "error runs.unknown: there is no run 'night-9'; 'onerec runs' lists the runs"), (exit, error.Trim()));
    }

    [Theory]
    [InlineData("-KILL", "killed")]
    [InlineData("-INT", "interrupted")]
    public void Run_that_was_stopped_is_told_until_its_retry_is_done(string signal, string outcome)
    {
        Skip.Unless(OperatingSystem.IsLinux(), "signals are sent with kill");
        string tables = sample.NewTables();
        using (Process process = OneRecCommand.Start(sample.Run(tables, "run.id=night-1", "train.epochs=1000", "train.batch=50")))
        {
            string sign = Path.Combine(tables, ".checkpoints", "train");
            while (!process.HasExited && !Directory.Exists(sign))
            {
                Thread.Sleep(1);
            }

            JsonNode running = Runs(tables).Single();
            Assert.Equal(("running", "train", $"process {process.Id} on {Environment.MachineName}"), Told(running));
            Desk.Capture("kill", [signal, $"{process.Id}"], TimeSpan.FromSeconds(10));
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)), "the run went on");
        }

        JsonNode stopped = Runs(tables, "--failed").Single();
        Assert.Equal((outcome, "train"), ((string?)stopped["outcome"], (string?)stopped["at_step"]));
        Assert.Contains(outcome, Json(sample.Command("runs", tables).Append("night-1"), "steps").Select(s => (string?)s["outcome"]));
        OneRecCommand.Succeed(sample.Run(tables, "run.id=night-1"));
        Assert.Equal("done", (string?)Runs(tables).Single()["outcome"]);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(tables, ".checkpoints", "runs")));
    }

    [Fact]
    public void Dry_run_says_which_steps_would_run_and_why_and_writes_nothing()
    {
        string tables = sample.NewTables();
        string items = sample.PathOf("dry.csv");
        File.Copy(Path.Combine(sample.Data, "items.csv"), items);
        string[] run = ["run.id=night-1", $"input.items={items}"];
        Assert.Equal("runs: it never ran", Forecast(tables, run)["report"]);
        Assert.False(Directory.Exists(Path.Combine(tables, "items")));

        OneRecCommand.Succeed(sample.Run(tables, run));
        string[] before = Files(tables);
        Dictionary<string, string> same = Forecast(tables, run);
        Assert.Equal("up to date: since run night-1", same["swing"]);
        Assert.Equal("left out: embed.model is pool; set embed.model=aligned to train a model", same["align"]);

        Dictionary<string, string> other = Forecast(tables, [.. run, "swing.topK=20"]);
        Assert.Equal("runs: topK: 100 before, now 20", other["swing"]);
        Assert.Equal("depends: on what swing writes", other["pairs"]);
        Assert.Equal("up to date: since run night-1", other["embed"]);

        File.AppendAllText(items, "9001,One more,,\n");
        Dictionary<string, string> more = Forecast(tables, run);
        Assert.Equal("runs: catalogue changed", more["ingest"]);
        Assert.Equal("depends: on what ingest writes", more["embed"]);
        Assert.Equal(before, Files(tables));
    }

    private static (string?, string?, string?) Told(JsonNode run) => ((string?)run["outcome"], (string?)run["at_step"], (string?)run["message"]);

    private static string[] Files(string tables) =>
        [.. Directory.EnumerateFiles(tables, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static JsonNode[] Json(IEnumerable<string> command, string name) =>
        [.. JsonNode.Parse(OneRecCommand.Succeed(command.Concat(["--output", "json"])))![name]!.AsArray().Select(r => r!)];

    private JsonNode[] Runs(string tables, params string[] more) => Json(sample.Command("runs", tables).Concat(more), "runs");

    private Dictionary<string, string> Forecast(string tables, string[] settings) =>
        Json(sample.Run(tables, settings).Append("--dry-run"), "steps").ToDictionary(s => (string)s["step"]!, s => $"{s["verdict"]}: {s["why"]}");
}
