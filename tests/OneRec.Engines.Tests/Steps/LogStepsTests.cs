using OneRec.Cli;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engines.Tests.Desks;
using OneRec.Inputs.Log;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Steps.Pairs;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Steps;

/// <summary>Ingest, swing and pairs give the same rows on Spark as on the local engine, bit for bit.</summary>
public abstract class LogStepsTests(EngineDesk desk) : IRunObserver, IDisposable
{
    private readonly ScratchFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tables_are_equal_on_both_engines(bool strings)
    {
        OneRecOptions options = Options(strings);
        string[] local;
        using (IEngine engine = EngineFactory.Create(
            "local", options with { Tables = _folder["local"] }, TimeProvider.System, CancellationToken.None))
        {
            local = Run(engine, options);
        }

        using IEngine other = desk.OpenShipped(_folder["other"]);
        Assert.Equal(local, Run(other, options));
        Assert.Contains(local, row => row.StartsWith("item_pairs 'é", StringComparison.Ordinal) || row.StartsWith("item_pairs 1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(HoldoutBy.Users)]
    [InlineData(HoldoutBy.Time)]
    public void Held_out_partners_are_equal_on_both_engines(HoldoutBy by)
    {
        OneRecOptions options = Options(strings: true);
        string[] Partners(IEngine engine)
        {
            var step = new EvaluateStep();
            var context = new PlanContext(engine, options, TimeProvider.System, CancellationToken.None);
            using var sources = new RunInputs(engine, options.Input, CancellationToken.None);
            var run = new StepRun(engine, step, new StepPlan(1), context, "run", this, sources);
            using IMaterializedRelation partners = HeldOutPartners.Find(run, sources.Clicks(needsTime: by == HoldoutBy.Time), new Holdout(by, 400_000));
            return [.. engine.SortedRows(partners)];
        }

        string[] local;
        using (IEngine engine = EngineFactory.Create(
            "local", options with { Tables = _folder["local"] }, TimeProvider.System, CancellationToken.None))
        {
            local = Partners(engine);
        }

        using IEngine other = desk.OpenShipped(_folder["other"]);
        Assert.NotEmpty(local);
        Assert.Equal(local, Partners(other));
    }

    [Theory]
    [InlineData("1,2,2020-01-01T00:00:00Z,5\n1,x,2020-01-01T00:00:00Z,5\n", "row 2: column 'item' has 'x'")]
    [InlineData("1,2,2020-01-01T00:00:00Z,5\n1,3,2020-01-01T25:00:00Z,5\n", "row 2: column 'when' has '2020-01-01T25:00:00Z'")]
    [InlineData("1,2,2020-01-01T00:00:00Z,5\n1,3,2020-01-01T00:00:00Z\n", "row 2 has 3 fields, but the header has 4")]
    public void Bad_rows_are_named_alike(string rows, string what)
    {
        File.WriteAllText(_folder["bad.csv"], "user,item,when,stars\n" + rows);
        OneRecOptions options = Options(strings: false);
        options = options with
        {
            Input = options.Input with
            {
                Interactions = _folder["bad.csv"],
                TimeUnit = InputTimeUnit.Timestamp,
                Types = new Dictionary<string, ColumnType> { ["item"] = ColumnType.BigInt },
            },
        };
        using IEngine engine = desk.OpenShipped(_folder["other"]);
        using var log = InteractionLog.Open(engine, options.Input, CancellationToken.None);
        OneRecException refused = Assert.Throws<OneRecException>(() => log.TimedClicks);
        Assert.StartsWith($"{_folder["bad.csv"]}: {what}", refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
    }

    public void Started(string step)
    {
    }

    public void Message(string step, string line)
    {
    }

    public void Progressed(string step, string phase, long done, long total, string unit)
    {
    }

    public void Finished(StepSummary summary)
    {
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private string[] Run(IEngine engine, OneRecOptions options)
    {
        var context = new PlanContext(engine, options, TimeProvider.System, CancellationToken.None);
        using var sources = new RunInputs(engine, options.Input, CancellationToken.None);
        var rows = new List<string>();
        foreach ((IStep step, string table) in new (IStep, string)[]
        {
            (new IngestStep(), "items"), (new SwingStep(), "item_similarity"), (new PairsStep(), "item_pairs"),
        })
        {
            StepOutcome outcome = step.Run(new StepRun(engine, step, step.Plan(context), context, "run", this, sources));
            rows.AddRange(outcome.Facts.Select(f => $"fact of {step.Name}: {f.Name} {f.Value}"));
            SqlScript read = new(table == "items"
                ? "SELECT item_id, title, caption, tags, asr, ocr, content_hash, deleted_at IS NULL AS live FROM t"
                : "SELECT * FROM t");
            rows.AddRange(engine.SortedRows(engine.Sql(read, ("t", engine.ReadTable(table)))).Select(r => $"{table} {r}"));
        }

        // Nothing has changed: the step finds that out and commits nothing.
        var ingest = new IngestStep();
        StepOutcome again = ingest.Run(new StepRun(engine, ingest, ingest.Plan(context), context, "run", this, sources));
        Assert.Equal(0, again.Rows);
        return [.. rows];
    }

    private OneRecOptions Options(bool strings)
    {
        var draw = new SplitMix64(7);
        var log = new List<string> { "user,item,when,stars" };
        for (int c = 0; c < 600; c++)
        {
            long item = draw.NextBelow(15) * draw.NextBelow(15) / 15;
            var when = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.FromHours(2)).AddSeconds(draw.NextBelow(200));
            log.Add($"{Id(draw.NextBelow(40))},{Id(item)},{when:yyyy-MM-dd'T'HH:mm:sszzz},{draw.NextBelow(10) / 2.0}");
        }

        // Never positive, so its keys do not matter.
        log.Add(",,,0.0");
        File.WriteAllLines(_folder["log.csv"], log);
        File.WriteAllText(
            _folder["items.csv"],
            "id,name,price,stock\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"{Id(i)},\"Name, \"\"{i}\"\"\nof é\",7.50,{i % 4}\n")));
        File.WriteAllText(_folder["tags.csv"], string.Concat(
            "item,tag\n", $"{Id(3)},b\n", $"{Id(3)},\n", $"{Id(3)},a\n", $"{Id(3)},c\n", $"{Id(3)},c\n", $"{Id(4)},\"x, y\"\n", $"{Id(4)},\U0001F600\n", $"{Id(4)},\uFFFD\n"));
        return new OneRecOptions
        {
            Seed = 3,
            Threads = 2,
            Input = new InputOptions
            {
                Interactions = _folder["log.csv"],
                Items = _folder["items.csv"],
                Tags = _folder["tags.csv"],
                Columns = new InputColumns { User = "user", Item = "item", Time = "when", TagItem = "item", Tag = "tag" },
                ItemFields = new ItemFieldOptions { ItemId = "id", Title = "name", Caption = "concat(name, ' at ', price)" },
                Where = "stars >= 1.5",
                Deleted = "stock = 0",
                From = "2019-12-31T22:00:10Z",
                To = "2020-01-01T02:03:00+02:00",
            },
            Sections = [new SwingOptions { MaxItemUsers = 25, MinUserItems = 2, TopK = 6 }, new PairsOptions { History = 5, TargetsPerUser = 7, I2iTopK = 3 }],
        };

        string Id(long number) => !strings ? $"{number}" : number % 3 == 0 ? $"é{number}" : number % 3 == 1 ? $"\U0001F600{number}" : $"\uFFFD{number}";
    }
}

[Collection(Spark35Desk.Name)]
public sealed class LogStepsOnSpark35Tests(Spark35Desk desk) : LogStepsTests(desk);

[Collection(Spark40Desk.Name)]
public sealed class LogStepsOnSpark40Tests(Spark40Desk desk) : LogStepsTests(desk);
