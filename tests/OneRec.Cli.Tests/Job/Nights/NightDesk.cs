using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Cli.Output;
using OneRec.Delta;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Job.Nights;

/// <summary>A tables folder with the commands of its nights, run as their users run them.</summary>
internal sealed class NightDesk : IDisposable
{
    // A night is a day of the retention: what was in use three nights ago is kept.
    private const int RetainedNights = 3;

    private readonly ScratchFolder _folder = new();
    private readonly List<DateTimeOffset> _begun = [];

    /// <summary>Makes the inputs of night 1.</summary>
    public NightDesk() => Catalogue = new NightCatalogue(_folder["data"]);

    /// <summary>The catalogue.</summary>
    public NightCatalogue Catalogue { get; }

    /// <summary>The tables folder.</summary>
    public string Tables => _folder["tables"];

    /// <summary>A path beside the tables.</summary>
    public string this[string name] => _folder[name];

    /// <summary>The id of tonight's run.</summary>
    public string RunId => $"night-{Catalogue.Night:D2}";

    /// <summary>Notes when a night begins.</summary>
    public void Begin() => _begun.Add(TimeProvider.System.GetUtcNow());

    /// <summary>When the oldest night of the retention began.</summary>
    public DateTimeOffset RetainedFrom => _begun[Math.Max(0, _begun.Count - 1 - RetainedNights)];

    /// <summary>Arguments of a command.</summary>
    public string[] Command(string command, params IEnumerable<string> more) =>
    [
        command,
        .. new[]
        {
            $"tables={Tables}",
            $"models={_folder["models"]}",
            $"report.path={_folder["report.html"]}",
            $"input.items={_folder["data"]}/items.csv",
            $"input.interactions={_folder["data"]}/log",
            $"input.tokens={_folder["data"]}/vectors.parquet",
            "input.deleted=removed = 1",
            "input.badRows=quarantine",
            "ingest.mode=snapshot",
            "embed.inputs=[{\"block\":\"tokens\"}]",
            "train.levels=2",
            "train.codes=32",
            "swing.topK=20",
        }.Concat(more).SelectMany(s => new[] { "--set", s }),
    ];

    /// <summary>Arguments of tonight's run.</summary>
    public string[] RunCommand(params IEnumerable<string> more) => [.. Command("run", [$"run.id={RunId}", .. more]), "--output", "json"];

    /// <summary>Runs the night's job in a process of its own.</summary>
    /// <returns>Its summary, with the processor time of the process as bash measures it.</returns>
    public NightSummary Run(params IEnumerable<string> more)
    {
        (int exit, string output, string error) = Desk.Capture(
            "/bin/bash",
            ["-c", "TIMEFORMAT='processor %U %S'; time \"$0\" \"$@\"", OneRecCommand.Path, .. RunCommand(more)],
            TimeSpan.FromMinutes(5));
        Assert.True(exit == 0, $"exit {exit}: {error}");
        string[] times = error.TrimEnd('\n').Split('\n')[^1].Split(' ');
        return new NightSummary(output) { ProcessorSeconds = times[1..].Sum(t => double.Parse(t, CultureInfo.InvariantCulture)) };
    }

    /// <summary>Keeps the tables small; a few nights stay readable.</summary>
    public NightSummary Maintain()
    {
        string days = (TimeProvider.System.GetUtcNow() - RetainedFrom).TotalDays.ToString("R", CultureInfo.InvariantCulture);
        (int exit, string output, string error) = Here([.. Command("maintain", $"retention.days={days}", $"retention.logDays={days}"), "--output", "json"]);
        Assert.True(exit == 0, error);
        return new NightSummary(output);
    }

    /// <summary>Verifies the tables.</summary>
    /// <returns>The problems found.</returns>
    public IReadOnlyList<string> Verify()
    {
        (int exit, string output, string error) = Here([.. Command("verify"), "--all", "--output", "json"]);
        Assert.True(exit is 0 or 4 && output.Length > 0, $"exit {exit}: {error}");
        JsonNode verdict = JsonNode.Parse(output)!;
        string[] problems = [.. verdict["checks"]!.AsArray().SelectMany(c => c!["problems"]!.AsArray().Select(p => (string)p!))];
        Assert.Equal(exit == 0, (bool)verdict["ok"]!);
        Assert.Equal(exit == 0, problems.Length == 0);
        return problems;
    }

    /// <summary>The published IDs.</summary>
    public PublishedIds Ids() => PublishedIds.Read(Tables);

    /// <summary>The version of each table.</summary>
    public SortedDictionary<string, long> Versions()
    {
        var versions = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (string table in TableSize.Of(Tables).Keys)
        {
            versions[table] = DeltaTable.At(Path.Combine(Tables, table)).LatestVersion()!.Value;
        }

        return versions;
    }

    /// <summary>Starts tonight's run and kills it once a table has a new commit.</summary>
    /// <param name="table">The table.</param>
    /// <returns>Whether the run died of it; false where it was over before.</returns>
    public bool StrikeAfterCommit(string table)
    {
        DeltaTable delta = DeltaTable.At(Path.Combine(Tables, table));
        long? before = delta.LatestVersion();
        using Process process = OneRecCommand.Start(RunCommand());
        while (!process.HasExited && delta.LatestVersion() == before)
        {
            Thread.Sleep(1);
        }

        return Desk.Strike(process);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    // The program in this process: it starts faster than one of its own.
    private (int Exit, string Output, string Error) Here(string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal { In = TextReader.Null, Out = output, Error = new ErrorLines(error), WorkingDirectory = _folder.Path };
        int exit = new CommandApp(new CommandBackend(StepComposition.All), terminal, TimeProvider.System, _ => { })
            .Run(arguments, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }
}

/// <summary>The summary that a command printed.</summary>
/// <param name="json">Its output.</param>
internal sealed class NightSummary(string json)
{
    private readonly JsonNode _root = JsonNode.Parse(json)!;

    /// <summary>Seconds of the command's steps.</summary>
    public double Seconds => (double)_root["seconds"]!;

    /// <summary>Processor time of its process, with its start; 0 if it was not measured.</summary>
    public double ProcessorSeconds { get; init; }

    /// <summary>Whether no step had anything to do.</summary>
    public bool WroteNothing => _root["steps"]!.AsArray().All(s => (bool)s!["up_to_date"]! || s["left_out"] is not null);

    /// <summary>Whether a step had something to do.</summary>
    public bool Did(string step) => !(bool)Step(step)["up_to_date"]! && Step(step)["left_out"] is null;

    /// <summary>A fact of a step; null if it does not tell it.</summary>
    public JsonNode? Fact(string step, string name) => Step(step)["facts"]![name];

    /// <summary>A number that a step tells; 0 if it does not tell it.</summary>
    public long Count(string step, string name) => Fact(step, name) is { } value ? (long)value : 0;

    private JsonNode Step(string step) => _root["steps"]!.AsArray().Single(s => (string)s!["step"]! == step)!;
}
