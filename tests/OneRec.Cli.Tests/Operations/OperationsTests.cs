using System.Diagnostics;
using OneRec.Cli.Tests.Job;
using OneRec.Engine.Tables;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Operations;

/// <summary>docs/operations.md, tried: each failure is brought about, says what the page says, and is gone after the commands of the page.</summary>
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class OperationsTests(OperationsTests.Base made) : IClassFixture<OperationsTests.Base>, IDisposable
{
    private static readonly Dictionary<string, Scenario> Scenarios = new(StringComparer.Ordinal)
    {
        ["Each night"] = new(_ => { }),
        ["See what happened"] = new(_ => { }),
        ["A run was killed"] = new(Killed),
        ["Another run uses the tables"] = new(desk => desk.Hold(FolderLock.Take(desk["tables"])), desk => desk.Release()),
        ["The folder of the tables cannot be written"] = new(_ => { }),
        ["An option is wrong"] = new(_ => { }),
        ["An input is missing"] = new(desk => File.Move(desk["items.csv"], desk["kept.csv"]), desk => File.Move(desk["kept.csv"], desk["items.csv"])),
        ["A row cannot be read"] = new(desk => File.AppendAllText(desk["items.csv"], "9001,one,two,three,four\n")),
        ["The catalogue lacks many items"] = new(desk => File.WriteAllLines(desk["items.csv"], File.ReadLines(desk["items.csv"]).Take(150).ToArray())),
        ["An item cannot be embedded"] = new(desk => File.AppendAllText(desk["items.csv"], "9001,Without vectors,,\n")),
        ["A data file is damaged or missing"] = new(desk => desk.Damage("semantic_ids"), desk => desk.Restore("semantic_ids")),
        ["A damaged file cannot be restored"] = new(desk => desk.Damage("item_similarity")),
        ["A commit of a log is missing"] = new(
            desk => File.Delete(desk["tables/quality/_delta_log/00000000000000000000.json"]), desk => desk.Restore("quality")),
        ["The table published is lost"] = new(desk => Directory.Delete(desk["tables/published"], recursive: true)),
        ["The configuration names another model"] = new(_ => { }),
        ["A gate is broken"] = new(Retrain),
        ["A wrong codebook was published"] = new(desk =>
        {
            Retrain(desk);
            desk.Succeed("publish --conf my.json --set codebook=newest");
        }),
        ["Slices of a backfill failed"] = new(desk => File.WriteAllLines(
            desk["archive.csv"], [.. File.ReadLines(desk["data/items.csv"]), "9001,Without vectors,,"])),
        ["An item must be forgotten"] = new(desk =>
        {
            File.WriteAllLines(desk["items.csv"], [.. File.ReadLines(desk["items.csv"]).Where((_, n) => n != 7)]);
            desk.Succeed("run --conf my.json");
        }),
    };

    private readonly ScratchFolder _folder = new();
    private IDisposable? _held;

    public static TheoryData<string> Titles => [.. OperationsSection.All.Select(s => s.Title)];

    private string this[string relative] => _folder[relative];

    public void Dispose()
    {
        _held?.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void Section_is_as_it_says(string title)
    {
        OperationsSection section = OperationsSection.All.Single(s => s.Title == title);
        Assert.True(Scenarios.TryGetValue(title, out Scenario? scenario), $"docs/operations.md: '{title}' is tried by no scenario");
        made.CopyTo(_folder.Path);
        scenario.Break(this);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (section.Fails is { } command)
        {
            (int exit, string output, string error) = Run(command, values);
            Assert.True(exit == section.Exit, $"{command}: exit {exit}, {error}");
            Assert.True(section.Matches(output + error, values), $"{command} says\n{output}{error}\nnot\n{string.Join('\n', section.Says)}");
        }

        scenario.Mend(this);
        Assert.NotEmpty(section.Cures);
        foreach (string cure in section.Cures)
        {
            if (cure.StartsWith("rm -r ", StringComparison.Ordinal))
            {
                Directory.Delete(this[cure["rm -r ".Length..]], recursive: true);
                continue;
            }

            (int exit, _, string error) = Run(cure["onerec ".Length..], values);
            Assert.True(exit == 0, $"{cure}: exit {exit}, {error}");
        }

        Succeed("verify --all --conf my.json");
    }

    [Fact]
    public void Every_scenario_is_on_the_page() => Assert.Equal(Scenarios.Keys.Order(StringComparer.Ordinal), OperationsSection.All.Select(s => s.Title).Order(StringComparer.Ordinal));

    private static void Killed(OperationsTests desk)
    {
        Directory.Delete(desk["tables"], recursive: true);
        using Process process = OneRecCommand.Start(desk.Arguments("run --conf my.json", new Dictionary<string, string>()));
        while (!File.Exists(desk["tables/items/_delta_log/00000000000000000000.json"]) && !process.HasExited)
        {
            Thread.Sleep(5);
        }

        Assert.True(Desk.Strike(process));
    }

    private static void Retrain(OperationsTests desk)
    {
        foreach (string step in new[] { "train", "assign" })
        {
            desk.Succeed($"{step} --conf my.json --set run.retrain=true --set seed=5 --set codebook=newest");
        }
    }

    private void Hold(IDisposable held) => _held = held;

    private void Release() => _held?.Dispose();

    private void Succeed(string command)
    {
        (int exit, string output, string error) = Run(command, new Dictionary<string, string>());
        Assert.True(exit == 0, $"{command}: exit {exit}, {error}{output}");
    }

    private (int Exit, string Output, string Error) Run(string command, Dictionary<string, string> values) =>
        OneRecCommand.Run(Arguments(command, values));

    // The page's files are this folder's.
    private string[] Arguments(string command, Dictionary<string, string> values) =>
        [.. OperationsSection.Arguments(command, values).Select(a => a == "my.json" ? this["my.json"] : a.Replace("=archive.csv", $"={this["archive.csv"]}", StringComparison.Ordinal))];

    private void Damage(string table)
    {
        string file = Directory.GetFiles(this[$"tables/{table}"], "*.parquet", SearchOption.AllDirectories).First(f => !f.Contains("_delta_log", StringComparison.Ordinal));
        using FileStream stream = File.Open(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = 300;
        int there = stream.ReadByte();
        stream.Position = 300;
        stream.WriteByte((byte)~there);
    }

    private void Restore(string table)
    {
        Directory.Delete(this[$"tables/{table}"], recursive: true);
        made.CopyTo(_folder.Path, $"tables/{table}");
    }

    private sealed record Scenario(Action<OperationsTests> Break, Action<OperationsTests>? Mended = null)
    {
        public void Mend(OperationsTests desk) => Mended?.Invoke(desk);
    }

    /// <summary>A sample with its configuration and the tables of a first night.</summary>
    public sealed class Base : IDisposable
    {
        private readonly ScratchFolder _folder = new();

        public Base()
        {
            OneRecCommand.Succeed(
                "sample", "--out", _folder["data"], "--items", "300", "--users", "60", "--interactions", "1500", "--tokens", "2x8");
            File.WriteAllLines(_folder["items.csv"], File.ReadLines(_folder["data/items.csv"]).Take(251));
            File.WriteAllText(
                _folder["my.json"],
                """
                {
                  "tables": "tables",
                  "models": "models",
                  "report": { "path": "report.html" },
                  "input": { "interactions": "data/interactions.csv", "items": "items.csv", "tokens": "data/tokens.parquet" },
                  "ingest": { "mode": "snapshot" },
                  "embed": { "inputs": [{ "block": "tokens" }] },
                  "train": { "levels": 2, "codes": 8 }
                }
                """);
            OneRecCommand.Succeed("run", "--conf", _folder["my.json"]);
        }

        public void CopyTo(string folder, string part = "") => ScratchFolder.CopyTree(_folder[part], Path.Combine(folder, part));

        public void Dispose() => _folder.Dispose();
    }
}
