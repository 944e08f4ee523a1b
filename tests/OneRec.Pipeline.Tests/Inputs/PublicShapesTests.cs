using System.Text.Json;
using Apache.Arrow.Types;
using OneRec.Cli;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Inputs.Initial;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tests.Steps;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>
/// Public data sets by the shape of their files, a few made-up rows each (<c>tests/cases/shapes</c>): <c>init</c>, <c>check</c> and the
/// steps go through, without an edit or with the one that the shape names.
/// </summary>
public sealed class PublicShapesTests : IDisposable
{
    private static readonly string Folder = Path.Combine(Desk.Root, "tests", "cases", "shapes");

    private readonly StepBench _bench = new();

    public static TheoryData<string> Names => [.. Directory.EnumerateDirectories(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_fifty() => Assert.True(Names.Count >= 50);

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_go_through_as_they_are(string name)
    {
        Shape shape = Read(name);
        if (shape.Refused is { } refused)
        {
            OneRecException e = Assert.Throws<OneRecException>(() => Init(shape));
            string told = string.Join(' ', Directory.EnumerateFiles(_bench["data"]).Select(Left).Prepend(e.Message));
            Assert.Contains(refused, told, StringComparison.Ordinal);
            return;
        }

        Init(shape);
        OneRecOptions options = Load() with { Tables = _bench["tables"] };
        if (shape.Catalogue is { } catalogue)
        {
            CheckCatalogue(options, catalogue);
            options = WithVectors(options);
        }

        IReadOnlyList<CheckFact> facts = Check(options);
        if (shape.Log is not { } log)
        {
            return;
        }

        Assert.Equal([log.Rows, log.Positive, log.Users, log.Items], new[] { "rows", "positive", "users", "items" }.Select(k => Count(facts, "log", k)));
        Assert.Equal(log.Times, facts.Any(f => f is { Section: "log", Key: "first_time" }));
        if (shape.Catalogue is not null)
        {
            Assert.Equal(log.Positive, Count(facts, "log", "in_catalogue"));
        }

        if (shape.Catalogue is null)
        {
            _bench.Run(options, "swing", "pairs");
        }
        else
        {
            RunAll(options);
            Assert.Equal(_bench.Table("items").Count, _bench.Table("semantic_ids").Count);
        }

        string[] sources = [.. _bench.Table("item_pairs").Select(r => (string)r[2]!).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(log.Times ? ["i2i", "u2i"] : ["i2i"], sources);
    }

    public void Dispose() => _bench.Dispose();

    private static long Count(IReadOnlyList<CheckFact> facts, string section, string key)
    {
        System.Text.Json.Nodes.JsonNode value = facts.Single(f => f.Section == section && f.Key == key).Value!;
        return (value is System.Text.Json.Nodes.JsonObject share ? share["count"]! : value).GetValue<long>();
    }

    private static Shape Read(string name) => JsonSerializer.Deserialize<Shape>(
        File.ReadAllText(Path.Combine(Folder, name, "shape.json")),
        JsonSerializerOptions.Web) is { } shape ? shape with { Name = name } : throw new JsonException(name);

    // The items with their texts, as ingest writes them.
    private void CheckCatalogue(OneRecOptions options, CatalogueFacts expected)
    {
        _bench.Run(options, "ingest");
        IReadOnlyList<object?[]> items = _bench.Table("items");
        Apache.Arrow.Schema columns = _bench.SchemaOf("items")!;
        Assert.Equal(expected.Items, items.Count);
        Assert.Equal(expected.Titles, items.Count(r => r[columns.GetFieldIndex("title")] is string { Length: > 0 }));
        if (expected.Captions > 0)
        {
            Assert.Equal(expected.Captions, items.Count(r => r[columns.GetFieldIndex("caption")] is string { Length: > 0 }));
        }

        Assert.DoesNotContain(items, r => r.OfType<string>().Any(t => t.Contains('\uFFFD', StringComparison.Ordinal)));
        if (expected.Titles > 0)
        {
            Assert.Contains(items, r => ((string)r[columns.GetFieldIndex("title")]!).Contains(Name(options), StringComparison.Ordinal));
        }
    }

    // A title with a letter that encodings differ in; the news have none.
    private static string Name(OneRecOptions options) => options.Input.Items!.ToString().Contains("news.tsv", StringComparison.Ordinal) ? "\"The Brands\"" : "Amélie";

    private static string Left(string file)
    {
        try
        {
            return string.Join(", ", FoundSource.Open(file).Columns);
        }
        catch (OneRecException e)
        {
            return e.Message;
        }
    }

    private void Init(Shape shape)
    {
        CopyFolder(Path.Combine(Folder, shape.Name), _bench["data"]);
        File.Delete(Path.Combine(_bench["data"], "shape.json"));
        string file = Path.Combine(_bench["data"], "onerec.json");
        InitialConfiguration.Write(
            [_bench["data"]],
            file,
            TrainOptions.CodesBelowDefault,
            (draft, problems) => StepComposition.All.Load(
                new ConfigurationSources { File = draft, WorkingDirectory = Path.GetDirectoryName(draft)! }, problems));
        string text = File.ReadAllText(file);
        foreach (string[] edit in shape.Edit ?? [])
        {
            Assert.Contains(edit[0], text, StringComparison.Ordinal);
            text = text.Replace(edit[0], edit[1], StringComparison.Ordinal);
        }

        File.WriteAllText(file, text);
    }

    private OneRecOptions Load()
    {
        var problems = new Problems();
        OneRecOptions? options = StepComposition.All.Load(
            new ConfigurationSources { File = Path.Combine(_bench["data"], "onerec.json"), WorkingDirectory = "/" }, problems);
        Assert.Empty(problems.Lines);
        return options!;
    }

    // What init leaves open: what items are embedded from.
    private OneRecOptions WithVectors(OneRecOptions options)
    {
        Apache.Arrow.Field id = _bench.SchemaOf("items")!.GetFieldByName("item_id");
        object[] ids = [.. _bench.Table("items").Select(r => r[0]!)];
        Apache.Arrow.IArrowArray keys = id.DataType is Int64Type
            ? new Apache.Arrow.Int64Array.Builder().AppendRange(ids.Cast<long>()).Build()
            : new Apache.Arrow.StringArray.Builder().AppendRange(ids.Cast<string>()).Build();
        var element = new Apache.Arrow.Field("element", FloatType.Default, false);
        var list = new Apache.Arrow.ListArray.Builder(element);
        foreach ((_, int n) in ids.Select((i, n) => (i, n)))
        {
            list.Append();
            ((Apache.Arrow.FloatArray.Builder)list.ValueBuilder).Append(1f).Append(n);
        }

        var schema = new Apache.Arrow.Schema([id, new Apache.Arrow.Field("embedding", new ListType(element), false)], null);
        using var batch = new Apache.Arrow.RecordBatch(schema, [keys, list.Build()], ids.Length);
        using var writer = new ParquetSharp.Arrow.FileWriter(_bench["vectors.parquet"], schema);
        writer.WriteRecordBatch(batch);
        writer.Close();
        return options with
        {
            Input = options.Input with { Tokens = _bench["vectors.parquet"] },
            Sections = [.. options.Sections.Where(s => s is not EmbedOptions), new EmbedOptions { Inputs = [new TokensInput()] }],
        };
    }

    // As onerec run does.
    private void RunAll(OneRecOptions options)
    {
        using IEngine engine = EngineFactory.Create("local", options, _bench.Clock, CancellationToken.None);
        new JobRunner(engine, options, _bench, _bench.Clock, StepComposition.All).Run(StepComposition.All.RunOrder, CancellationToken.None);
    }

    private static IReadOnlyList<CheckFact> Check(OneRecOptions options)
    {
        using IEngine engine = EngineFactory.Create("local", options, TimeProvider.System, CancellationToken.None, EngineAccess.Read);
        return CheckQuery.Run(engine, options, StepComposition.All, TimeProvider.System, CancellationToken.None);
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (string folder in Directory.EnumerateDirectories(from))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private sealed record Shape(string About, LogFacts? Log, CatalogueFacts? Catalogue, string? Refused, string[][]? Edit)
    {
        public string Name { get; init; } = "";
    }

    private sealed record LogFacts(long Rows, long Positive, long Users, long Items, bool Times);

    private sealed record CatalogueFacts(int Items, int Titles, int Captions);
}
