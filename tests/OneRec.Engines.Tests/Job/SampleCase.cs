using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Steps.Assign;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Steps.Train;
using OneRec.Report;
using OneRec.Sampling;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Engines.Tests.Job;

/// <summary>
/// A generated catalogue with its log, token vectors and covers, embedded from texts, vectors and images, on two nights: on
/// the second one there are new items, changed ones and fewer old ones.
/// </summary>
public sealed class SampleCase : IDisposable
{
    private const int Items = 1_000;
    private const int FirstNight = 900;

    // Words that the generator's texts are full of, so that texts differ to the encoder too.
    private static readonly string[] Words = ["the", "and", "in", "old", "town", "after", "rain", "first"];

    private readonly ScratchFolder _folder = new();
    private readonly string[] _catalogue;

    /// <summary>Generates the sample and the encoders.</summary>
    public SampleCase()
    {
        SampleGenerator.Generate(
            _folder["data"],
            new SampleOptions { Items = Items, Users = 250, Interactions = 9_000, Tokens = 4, Dimensions = 16, Covers = 300, Seed = 5 },
            _ => { },
            CancellationToken.None);
        string text = new TinyEncoder().WriteTo(_folder["text"]);
        File.WriteAllLines(Path.Combine(text, "vocab.txt"), [.. TinyEncoder.Vocabulary.SkipLast(Words.Length + 1), .. Words, TinyEncoder.Vocabulary[^1]]);
        new TinyImageEncoder().WriteTo(_folder["image"]);
        _catalogue = File.ReadAllLines(_folder["data/items.csv"]);
    }

    /// <summary>A path beside the sample.</summary>
    public string PathOf(string name) => _folder[name];

    /// <summary>The first night's job into a folder of tables.</summary>
    public OneRecOptions First(string tables)
    {
        Write(_catalogue.Take(1 + FirstNight));
        return Options(tables);
    }

    /// <summary>The second night's job on the same tables.</summary>
    public OneRecOptions Next(string tables)
    {
        Write(
            _catalogue.Where((_, i) => i % 100 != 7).Select((line, i) => i % 150 == 11 ? line.Replace(" the ", " old ", StringComparison.Ordinal) : line));
        return Options(tables) with { Sections = [new IngestOptions { Mode = IngestMode.Snapshot }] };
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    // A file written again is another version of the input, whatever it holds.
    private void Write(IEnumerable<string> lines)
    {
        string path = _folder["items.csv"];
        string[] all = [.. lines];
        if (!File.Exists(path) || !File.ReadAllLines(path).SequenceEqual(all))
        {
            File.WriteAllLines(path, all);
        }
    }

    private OneRecOptions Options(string tables) => new()
    {
        Tables = _folder[tables],
        Threads = 2,
        Input = new InputOptions
        {
            Interactions = _folder["data/interactions.csv"],
            Items = _folder["items.csv"],
            Tokens = _folder["data/tokens.parquet"],
            Images = _folder["data/covers.parquet"],
            Where = "watch_seconds >= 30 OR liked = 1",
        },
        Sections = [new EmbedOptions
        {
            Inputs =
            [
                new TokensInput(),
                new TextInput { Encoder = _folder["text"], Fields = ["title", "caption"], Weight = 0.2 },
                new ImageInput { Encoder = _folder["image"], Images = 1, Weight = 0.3 },
            ],
        }, new TrainOptions { Codes = [24, 16, 8], Batch = 300, Epochs = 2, Refine = 1 }, new AssignOptions { MaxItemsPerId = 3 }, new EvaluateOptions { Holdout = "users:0.1" }, new ReportOptions { Path = _folder[$"{tables}.html"] }],
    };
}
