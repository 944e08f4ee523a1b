using System.Text.Json.Serialization;
using OneRec.Core;
using OneRec.Pipeline.Inputs;
using OneRec.Pipeline.Steps.Assign;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Steps.Pairs;
using OneRec.Pipeline.Steps.Publish;
using OneRec.Pipeline.Steps.Report;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Pipeline.Steps.Train;

namespace OneRec.Pipeline.Configuration;

/// <summary>All options of a run, as merged from file, environment and command line. Paths are full.</summary>
public sealed record OneRecOptions
{
    private const long LeastMemory = 256L << 20;

    /// <summary>Seed of every choice by hash or draw.</summary>
    /// <value>Default 1.</value>
    public long Seed { get; init; } = 1;

    /// <summary>Threads to keep busy; rows never depend on it.</summary>
    /// <value>1 to 1,024. Default null: every core that the process may use.</value>
    public int? Threads { get; init; }

    /// <summary>Memory that steps plan with, such as <c>2 GiB</c>.</summary>
    /// <value>At least 256 MiB. Default null: half of the cgroup's or machine's memory.</value>
    [JsonConverter(typeof(TextOrNumberConverter))]
    public string? MemoryLimit { get; init; }

    /// <summary>Folder of the Delta tables.</summary>
    /// <value>Default <c>./tables</c>.</value>
    [ConfigPath]
    public string Tables { get; init; } = "tables";

    /// <summary>Folder of aligned models.</summary>
    /// <value>Default <c>./models</c>.</value>
    [ConfigPath]
    public string Models { get; init; } = "models";

    /// <summary>The codebook that steps use: <c>current</c> (the published one, else the newest), <c>newest</c> or an id.</summary>
    /// <value>Default <c>current</c>.</value>
    public string Codebook { get; init; } = "current";

    /// <summary>Section <c>run</c>.</summary>
    public RunSection Run { get; init; } = new();

    /// <summary>Section <c>input</c>.</summary>
    public InputOptions Input { get; init; } = new();

    /// <summary>Section <c>ingest</c>.</summary>
    public IngestOptions Ingest { get; init; } = new();

    /// <summary>Section <c>swing</c>.</summary>
    public SwingOptions Swing { get; init; } = new();

    /// <summary>Section <c>pairs</c>.</summary>
    public PairsOptions Pairs { get; init; } = new();

    /// <summary>Section <c>embed</c>.</summary>
    public EmbedOptions Embed { get; init; } = new();

    /// <summary>Section <c>train</c>.</summary>
    public TrainOptions Train { get; init; } = new();

    /// <summary>Section <c>assign</c>.</summary>
    public AssignOptions Assign { get; init; } = new();

    /// <summary>Section <c>evaluate</c>.</summary>
    public EvaluateOptions Evaluate { get; init; } = new();

    /// <summary>Section <c>publish</c>.</summary>
    public PublishOptions Publish { get; init; } = new();

    /// <summary>Section <c>report</c>.</summary>
    public ReportOptions Report { get; init; } = new();

    /// <summary>
    /// Settings of Spark without the leading <c>spark.</c>, nested or dotted, such as <c>spark.sql.shuffle.partitions</c>; for
    /// <c>--engine spark</c> alone.
    /// </summary>
    /// <value>
    /// Default none: <c>spark.master</c> is then <c>local[THREADS]</c>, unless <c>spark-submit</c> chose it.
    /// <c>spark.pyspark.python</c> is where executors find <c>onerec-worker</c>: default beside this program.
    /// </value>
    public IReadOnlyDictionary<string, string> Spark { get; init; } = new Dictionary<string, string>();

    /// <summary>Threads to keep busy: the option, else every core that the process may use.</summary>
    public int ThreadCount() => Threads ?? MachineResources.Cores;

    /// <summary>Memory that steps plan with, in bytes: the option, else half of what the process may use.</summary>
    public long MemoryBytes() => MemorySize.OrDefault(MemoryLimit);

    /// <summary>Adds a line per bad key of every section; never throws.</summary>
    public void Validate(Problems problems)
    {
        problems.Require(Threads is null or (>= 1 and <= 1024), "threads", "must be 1 to 1024", Threads);
        problems.Require(
            MemoryLimit is null || (MemorySize.TryParse(MemoryLimit, out long bytes) && bytes >= LeastMemory),
            "memoryLimit",
            "must be at least 256 MiB, such as \"2 GiB\", \"512 MiB\" or bytes",
            MemoryLimit);
        problems.Require(Codebook.Length > 0, "codebook", "must be current, newest or an id", "\"\"");
        Input.Validate(problems);
        Ingest.Validate(problems);
        Swing.Validate(problems);
        Pairs.Validate(problems);
        Embed.Validate(problems);
        Train.Validate(problems);
        Assign.Validate(problems);
        Evaluate.Validate(problems);
        Publish.Validate(problems);
        Report.Validate(problems);
    }
}
