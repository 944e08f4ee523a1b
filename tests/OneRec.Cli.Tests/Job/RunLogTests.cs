using System.Text.Json.Nodes;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Job;

/// <summary>The log file of <c>conf/nlog-json.config</c>: every line of a run carries the run and, in a step, the step.</summary>
public sealed class RunLogTests(SampleJob sample) : IClassFixture<SampleJob>
{
    [Fact]
    public void Lines_carry_run_and_step_and_standard_error_is_as_ever()
    {
        string tables = sample.NewTables(), log = sample.PathOf("run.log");
        var environment = new Dictionary<string, string?> { ["ONEREC_NLOG"] = Path.Combine(Desk.Root, "conf", "nlog-json.config"), ["ONEREC_LOG"] = log };
        (int exit, _, string error) = OneRecCommand.RunWith(environment, sample.Run(tables, "run.id=night \"1\""));
        Assert.True(exit == 0, error);
        Assert.DoesNotContain("run_id", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n'), l => l.Contains("swing: started", StringComparison.Ordinal));

        JsonNode[] lines = Lines(log);
        JsonNode[] ofRun = [.. lines.Where(l => (string?)l["logger"] == "run")];
        Assert.All(ofRun, l => Assert.Equal("night \"1\"", (string?)l["run_id"]));
        JsonNode swing = ofRun.Single(l => (string?)l["step"] == "swing" && l["Rows"] is not null);
        Assert.Equal(("info", "done"), ((string?)swing["level"], (string?)swing["Outcome"]));
        Assert.True((long)swing["Rows"]! > 0 && (double)swing["Seconds"]! > 0 && (long)swing["Written"]! > 0, swing.ToJsonString());
        Assert.Equal("left out: embed.model is pool; set embed.model=aligned to train a model", (string?)ofRun.Single(l => (string?)l["step"] == "align")["Outcome"]);

        (exit, _, error) = OneRecCommand.RunWith(environment, sample.Run(tables, "run.id=night-2", "input.items=no.csv"));
        Assert.Equal(3, exit);
        JsonNode failed = Lines(log)[lines.Length..].Single(l => (string?)l["level"] == "error");
        Assert.Equal("night-2", (string?)failed["run_id"]);
        Assert.Contains("no.csv", (string?)failed["message"], StringComparison.Ordinal);
    }

    private static JsonNode[] Lines(string log) => [.. File.ReadLines(log).Select(l => JsonNode.Parse(l)!)];
}
