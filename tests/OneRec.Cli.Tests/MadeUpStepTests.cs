using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Cli.Output;
using OneRec.Core;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Tables;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Testing;

namespace OneRec.Cli.Tests;

/// <summary>
/// A step that is made up here, with options, a table and a file of its own, is in help, options, check, run, the tables
/// of <c>sql</c> and provenance, with no other file touched.
/// </summary>
public sealed class MadeUpStepTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly StepCatalogue _steps = new([.. StepComposition.All.Job.SkipLast(1), new CountStep(), StepComposition.All.Job[^1]]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Help_lists_it_and_shows_its_options()
    {
        Assert.Matches("(?m)^  count +how many items there are$", Run("--help").Out);
        string help = Run("count", "--help").Out;
        Assert.Contains("Reads   items", help, StringComparison.Ordinal);
        Assert.Contains("Writes  item_counts, the file count.path", help, StringComparison.Ordinal);
        Assert.Contains("  count.atLeast = 0\n", help, StringComparison.Ordinal);
        Assert.Contains("evaluate, publish, count", Run("run", "--help").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_options_are_listed_checked_and_corrected()
    {
        Assert.Contains("count.atLeast,0,whole number,", Run("options", "--output", "csv").Out, StringComparison.Ordinal);
        (int exit, _, string error) = Run("count", "--set", "count.atLest=1");
        Assert.Equal((2, "error config.invalid: count.atLest is not an option; did you mean count.atLeast? [--set]\n"), (exit, error));
        Assert.Equal(
            "error config.invalid: count.atLeast must be at least 0 (got -1) [--set]\n", Run("count", "--set", "count.atLeast=-1").Error);
    }

    [Fact]
    public void Check_run_sql_and_provenance_know_it()
    {
        string[] sets = Sample();
        JsonNode check = JsonNode.Parse(Run(["check", "--output", "json", .. sets]).Out)!;
        Assert.Equal(200, (long)check["estimate"]!["count_items"]!);

        (int exit, string output, string error) = Run(["run", "--output", "json", .. sets]);
        Assert.True(exit == 0, error);
        JsonNode count = JsonNode.Parse(output)!["steps"]!.AsArray().Single(s => (string)s!["step"]! == "count")!;
        Assert.Equal((1, _folder["count.txt"]), ((long)count["rows"]!, (string?)count["result"]));
        Assert.Equal("items\r\n200\r\n", Run(["sql", "SELECT items FROM item_counts", "--output", "csv", .. sets]).Out);
        Assert.Contains(">count</", File.ReadAllText(_folder["report.html"]), StringComparison.Ordinal);

        // Nothing changed: up to date, by the table's commit and by the fingerprint in its file.
        JsonNode again = JsonNode.Parse(Run(["count", "--output", "json", .. sets]).Out)!["steps"]![0]!;
        Assert.True((bool)again["up_to_date"]!);
        File.Delete(_folder["count.txt"]);
        Assert.False((bool)JsonNode.Parse(Run(["count", "--output", "json", .. sets]).Out)!["steps"]![0]!["up_to_date"]!);
        Assert.True(File.Exists(_folder["count.txt"]));
    }

    private string[] Sample()
    {
        Assert.Equal(0, Run("sample", "--out", _folder["data"], "--items", "200", "--users", "60", "--interactions", "2000").Exit);
        (string Key, string Value)[] sets =
        [
            ("input.interactions", _folder["data/interactions.csv"]),
            ("input.items", _folder["data/items.csv"]),
            ("input.tokens", _folder["data/tokens.parquet"]),
            ("embed.inputs", """[{"block":"tokens"}]"""),
            ("train.codes", "8"),
            ("tables", _folder["tables"]),
            ("report.path", _folder["report.html"]),
            ("count.path", _folder["count.txt"]),
        ];
        return [.. sets.SelectMany(s => new[] { "--set", $"{s.Key}={s.Value}" })];
    }

    private (int Exit, string Out, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var app = new CommandApp(
            new CommandBackend(_steps),
            new Terminal { In = TextReader.Null, Out = output, Error = new ErrorLines(error), WorkingDirectory = _folder.Path },
            TimeProvider.System,
            _ => { });
        int exit = app.Run(args, CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }

    /// <summary>Section <c>count</c>.</summary>
    public sealed record CountOptions : IOptionSection
    {
        /// <summary>Items that must be there.</summary>
        /// <value>At least 0. Default 0.</value>
        public int AtLeast { get; init; }

        /// <summary>The file.</summary>
        public string Path { get; init; } = "count.txt";

        public void Validate(Problems problems) =>
            problems.Require(AtLeast >= 0, "count.atLeast", "must be at least 0", AtLeast);
    }

    private sealed class CountStep : IStep
    {
        private static readonly TableDefinition Counts = new(
            "item_counts", new Schema([new Field("items", Int64Type.Default, nullable: false)], null), []);

        public StepDescription Description { get; } = new("count", "how many items there are")
        {
            About = ["Counts the items."],
            Reads = ["items"],
            Writes = [new StepTable("item_counts", _ => Counts)],
            Result = "the file count.path",
            Options = OptionSection.Of<CountOptions>("count"),
        };

        public StepPlan Plan(PlanContext context) => new(1) { Inputs = { context.Pin("items") } };

        public StepOutcome Run(StepRun run)
        {
            var count = new SqlScript("SELECT count(*) AS items FROM items");
            IRelation rows = run.Engine.Sql(count, ("items", run.Input("items").Require("ingest").Rows));
            TableVersion version = run.Write(rows, new TableWrite(Counts, new WriteMode.Overwrite(), run.Note()), out long written);
            File.WriteAllText(run.Options.Section<CountOptions>().Path, run.Plan.Fingerprint(run.Step));
            return new StepOutcome(written, [version], []);
        }

        public string? ResultPath(OneRecOptions options) => options.Section<CountOptions>().Path;

        public string? ResultFingerprint(OneRecOptions options)
        {
            string path = options.Section<CountOptions>().Path;
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }

        public StepEstimate? Estimate(InputCounts counts, OneRecOptions options) =>
            new(0.1) { Counts = [("items", counts.Items)] };
    }
}
