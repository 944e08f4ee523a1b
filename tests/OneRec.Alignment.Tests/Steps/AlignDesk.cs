using OneRec.Alignment.Steps;
using OneRec.Cli;
using OneRec.Cli.Backend;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Train;
using OneRec.Sampling;
using OneRec.Testing;

namespace OneRec.Alignment.Tests.Steps;

/// <summary>A small generated catalogue with a log, and the job run on it as the program does.</summary>
internal sealed class AlignDesk : IRunObserver, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public AlignDesk()
        : this(new SampleOptions { Items = 240, Users = 120, Interactions = 6_000, Topics = 4, Dimensions = 16, Tokens = 4 })
    {
    }

    public AlignDesk(SampleOptions sample)
    {
        string data = _scratch["data"];
        SampleGenerator.Generate(data, sample);
        Options = new OneRecOptions
        {
            Tables = _scratch["tables"],
            Models = _scratch["models"],
            Threads = 2,
            Run = new RunSection { Id = "r" },
            Input = new InputOptions
            {
                Interactions = new InputPaths([Path.Combine(data, "interactions.csv")]),
                Items = new InputPaths([Path.Combine(data, "items.csv")]),
                Tokens = Path.Combine(data, "tokens.parquet"),
            },
            Sections =
            [
                new EmbedOptions { Model = "aligned", Inputs = [new TokensInput()] },
                Align,
                new TrainOptions { Levels = 2, Codes = [8] },
            ],
        };
    }

    /// <summary>A model that is trained in a second.</summary>
    public static AlignOptions Align { get; } = new()
    {
        Queries = 2,
        Layers = 1,
        Width = 16,
        Heads = 2,
        Hidden = 16,
        Epochs = 2,
        Batch = 64,
        Validation = "users:0.2",
        Captions = new CaptionOptions { Width = 16, Layers = 1, Heads = 2, KeyHeads = 1, Hidden = 16, PerStep = 8 },
    };

    public OneRecOptions Options { get; set; }

    /// <summary>Lines that steps told.</summary>
    public List<string> Told { get; } = [];

    /// <summary>Called with the number of steps that a training has done.</summary>
    public Action<long> OnStep { get; set; } = _ => { };

    public CancellationToken Cancellation { get; set; }

    public string this[string relative] => _scratch[relative];

    /// <summary>Folders of models, without those in work.</summary>
    public string[] Models => !Directory.Exists(Options.Models)
        ? []
        : [.. Directory.GetDirectories(Options.Models).Select(f => Path.GetFileName(f)).Where(f => f[0] != '.')];

    public void Set(Func<AlignOptions, AlignOptions> change) =>
        Options = Options with { Sections = [change(Options.Section<AlignOptions>())] };

    public RunSummary Run(params string[] steps)
    {
        using IEngine engine = Open();
        return new JobRunner(engine, Options, this, TimeProvider.System, StepComposition.All).Run(steps, Cancellation);
    }

    public RunSummary RunAll() => Run([.. StepComposition.All.RunOrder.Except(["report"])]);

    public List<object?[]> Query(string table, string sql)
    {
        using IEngine engine = Open();
        return RowReader.Read(engine.Collect(engine.Sql(new SqlScript(sql), (table, engine.ReadTable(table)))));
    }

    public IEngine Open() => EngineFactory.Open(new Session("local", Options, TimeProvider.System, CancellationToken.None), EngineAccess.Run);

    public void Dispose() => _scratch.Dispose();

    public void Started(string step)
    {
    }

    public void Message(string step, string line) => Told.Add($"{step}: {line}");

    public void Progressed(string step, string phase, long done, long total, string unit)
    {
        if (step == "align" && unit == "steps")
        {
            OnStep(done);
        }
    }

    public void Finished(StepSummary summary)
    {
    }
}
