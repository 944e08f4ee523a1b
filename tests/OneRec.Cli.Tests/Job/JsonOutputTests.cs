using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Json.Schema;
using OneRec.Cli.Output;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Cli.Tests.Job;

/// <summary>The JSON output of every command against the schema that docs/schemas/README.md names for it.</summary>
public sealed class JsonOutputTests(JsonOutputTests.Tables made) : IClassFixture<JsonOutputTests.Tables>
{
    private static readonly EvaluationOptions Listed = new() { OutputFormat = Json.Schema.OutputFormat.List, RequireFormatValidation = true };

    // The library keeps what it has read, and does not read it twice.
    private static readonly ConcurrentDictionary<string, Lazy<JsonSchema>> Schemas = new();

    private static string Folder => Path.Combine(Desk.Root, "docs", "schemas");

    private static Lazy<JsonSchema> Read(string schema) => new(() => JsonSchema.FromFile(Path.Combine(Folder, $"{schema}.schema.json")));

    [Theory]
    [InlineData("run", "summary")]
    [InlineData("swing", "summary")]
    [InlineData("run --dry-run", "forecast")]
    [InlineData("maintain", "summary")]
    [InlineData("runs", "runs")]
    [InlineData("runs night-1", "runs")]
    [InlineData("runs night-2", "runs")]
    [InlineData("lookup 1 600 601", "lookup")]
    [InlineData("lookup --sid 3", "lookup")]
    [InlineData("describe 1 601", "describe")]
    [InlineData("explain 1 7", "describe")]
    [InlineData("prefix", "prefix")]
    [InlineData("prefix 3", "prefix")]
    [InlineData("diff @0 current", "diff")]
    [InlineData("diff @0 current --prefix 3", "diff")]
    [InlineData("diff @0 current --items", "diff")]
    [InlineData("sql|SELECT * FROM current_ids LIMIT 2", "rows")]
    [InlineData("verify", "verify")]
    [InlineData("check", "check")]
    [InlineData("compare --ids current", "compare")]
    [InlineData("export --format trie --twins slot --out TRIE", "facts")]
    [InlineData("model check ENCODER", "facts")]
    [InlineData("sample --out DATA --items 600 --users 200 --interactions 8000 --tokens 4x16 --seed 3", "facts")]
    [InlineData("init DATA --out NEW", "facts")]
    [InlineData("options", "facts")]
    public void Output_is_as_its_schema_says(string command, string schema)
    {
        string output = made.Run(command);
        using JsonDocument document = JsonDocument.Parse(output);
        EvaluationResults results = Schemas.GetOrAdd(schema, Read).Value.Evaluate(document.RootElement, Listed);
        Assert.True(
            results.IsValid,
            string.Join('\n', results.Details!.Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"))) + "\n" + output);
    }

    [Fact]
    public void Every_command_has_a_schema_and_every_schema_a_command()
    {
        string readme = File.ReadAllText(Path.Combine(Folder, "README.md"));
        string[] steps = [.. StepComposition.All.Steps.Select(s => s.Name)];
        string[] commands = [.. made.Commands.Except(steps)];
        Assert.All(commands, command => Assert.Contains($"`{command}`", readme, StringComparison.Ordinal));
        string[] linked = [.. Regex.Matches(readme, @"\((\w+\.schema\.json)\)").Select(m => m.Groups[1].Value)];
        Assert.Equal(Directory.GetFiles(Folder, "*.schema.json").Select(Path.GetFileName).Order(StringComparer.Ordinal), linked.Order(StringComparer.Ordinal));
    }

    /// <summary>Tables of a night that is done and one that failed.</summary>
    public sealed class Tables : IDisposable
    {
        private readonly SampleJob _sample = new();
        private readonly string _tables;

        public Tables()
        {
            _tables = _sample.NewTables();
            new TinyEncoder().WriteTo(_sample.PathOf("encoder"));
            string items = _sample.PathOf("one-bad-row.csv");
            File.WriteAllText(items, File.ReadAllText(System.IO.Path.Combine(_sample.Data, "items.csv")) + "9001,one,two,three,four\n");
            Require(0, [.. _sample.Run(_tables, "run.id=night-1", $"input.items={items}", "input.badRows=quarantine")]);
            Require(3, [.. _sample.Run(_tables, "run.id=night-2", "input.items=none.csv")]);
        }

        /// <summary>The names of all commands.</summary>
        public IEnumerable<string> Commands => App(TextWriter.Null, TextWriter.Null).Commands.Select(c => c.Guide.Name);

        /// <summary>What a command writes to standard output.</summary>
        /// <param name="command">Words by blanks, or the command and one argument by a bar.</param>
        public string Run(string command)
        {
            string[] words = command.Contains('|') ? command.Split('|') : [.. command.Split(' ').Select(Path)];
            return Require(0, [.. words, .. _sample.Command("", _tables).Skip(1), "--output", "json"]);
        }

        public void Dispose() => _sample.Dispose();

        private static CommandApp App(TextWriter output, TextWriter error) => new(
            new CommandBackend(StepComposition.All),
            new Terminal
            {
                In = TextReader.Null,
                Out = output,
                Error = new ErrorLines(error),
                IsInteractive = false,
                Width = 0,
                WorkingDirectory = Directory.GetCurrentDirectory(),
                Environment = new Dictionary<string, string>(),
            },
            TimeProvider.System,
            _ => { });

        private static string Require(int expected, string[] arguments)
        {
            using var output = new StringWriter();
            using var error = new StringWriter();
            int exit = App(output, error).Run(arguments, CancellationToken.None);
            Assert.True(exit == expected, $"exit {exit}: {error}");
            return output.ToString();
        }

        private string Path(string word) => word switch
        {
            "DATA" => _sample.Data,
            "TRIE" => _sample.PathOf("trie"),
            "NEW" => _sample.PathOf("new.json"),
            "ENCODER" => _sample.PathOf("encoder"),
            _ => word,
        };
    }
}
