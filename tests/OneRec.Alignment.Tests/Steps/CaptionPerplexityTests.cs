using System.Text.Json.Nodes;
using OneRec.Cli;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Testing;

namespace OneRec.Alignment.Tests.Steps;

/// <summary>
/// An item's queries keep its text: a decoder predicts titles, genres and tags of films that training does not see much better
/// with them than with another film's, and better than a decoder without queries.
/// </summary>
[Trait(TestKind.Trait, TestKind.All)]
public sealed class CaptionPerplexityTests(ITestOutputHelper output) : IDisposable
{
    private const int Steps = 300;
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Queries_tell_unseen_captions()
    {
        OneRecOptions options = Load(Desk.SharedFolder("data/ml-latest-small"), Desk.MiniLm());
        using IEngine engine = EngineFactory.Open(new Cli.Backend.Session("local", options, TimeProvider.System, CancellationToken.None), EngineAccess.Run);
        var plain = new PlainCaptionsStep(Steps);
        var observer = new Observer(output);
        new JobRunner(engine, options, observer, TimeProvider.System, new StepCatalogue([.. StepComposition.All.Steps, plain]))
            .Run(["ingest", "plain-captions", "align"], TestContext.Current.CancellationToken);

        JsonNode[] curve = [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Directory.GetDirectories(options.Models).Single(), "training.json")))!["curve"]!.AsArray().Select(p => p!)];
        JsonNode best = curve.MinBy(p => (double)p["caption_perplexity"]!)!;
        (double own, double other) = ((double)best["caption_perplexity"]!, (double)best["caption_perplexity_other"]!);
        output.WriteLine($"own {own:F1}, another item's {other:F1}, without queries {plain.Best:F1}");
        Assert.True(own <= 0.5 * other, $"{own} {other}");
        Assert.True(own <= 0.75 * plain.Best, $"{own} {plain.Best}");
    }

    private OneRecOptions Load(string films, string encoder)
    {
        string manifest = Path.Combine(Desk.Root, "conf", "models", "all-minilm-l6-v2.json");
        var problems = new Problems();
        OneRecOptions? options = StepComposition.All.Load(
            new ConfigurationSources
            {
                File = Path.Combine(Desk.Root, "conf", "movielens.json"),
                Environment = new Dictionary<string, string>(),
                Sets =
                [
                    $"tables={_folder["tables"]}", $"models={_folder["models"]}",
                    $"input.interactions={films}/ratings.csv", $"input.items={films}/movies.csv", $"input.tags={films}/tags.csv",
                    $$"""embed.inputs=[{"block": "text", "encoder": "{{encoder}}", "manifest": "{{manifest}}", "fields": ["title", "caption", "tags"]}]""",
                    "embed.model=aligned", "evaluate.holdout=users:0.2", "evaluate.coldItems=0.1", "align.epochs=3", "align.captions.lambda=2",
                ],
                WorkingDirectory = _folder.Path,
            },
            problems);
        Assert.Empty(problems.Lines);
        return options!;
    }

    private sealed class Observer(ITestOutputHelper output) : IRunObserver
    {
        public void Started(string step)
        {
        }

        public void Message(string step, string line) => output.WriteLine($"{step}: {line}");

        public void Progressed(string step, string phase, long done, long total, string unit)
        {
        }

        public void Finished(StepSummary summary)
        {
        }
    }
}
