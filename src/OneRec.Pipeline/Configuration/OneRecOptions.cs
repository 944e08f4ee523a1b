using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Inputs.Options;

namespace OneRec.Pipeline.Configuration;

/// <summary>
/// All options of a run, merged from the file, the environment and the command line. Paths are absolute.
/// </summary>
public sealed record OneRecOptions
{
    private const long LeastMemory = 256L << 20;

    private ImmutableDictionary<Type, IOptionSection> _sections = ImmutableDictionary<Type, IOptionSection>.Empty;

    /// <summary>Seed for every random or hash-based choice.</summary>
    /// <value>Default 1.</value>
    public long Seed { get; init; } = 1;

    /// <summary>Number of worker threads. Results do not depend on it.</summary>
    /// <value>1 to 1,024. Default null: all cores available to the process.</value>
    public int? Threads { get; init; }

    /// <summary>Memory budget for steps, such as <c>2 GiB</c>.</summary>
    /// <value>At least 256 MiB. Default null: half of the memory of the cgroup or the machine.</value>
    [JsonConverter(typeof(TextOrNumberConverter))]
    public string? MemoryLimit { get; init; }

    /// <summary>Folder for the Delta tables.</summary>
    /// <value>Default <c>./tables</c>.</value>
    [ConfigPath]
    public string Tables { get; init; } = "tables";

    /// <summary>Folder for the models that <c>align</c> trains, each in a folder named by its id.</summary>
    /// <value>Default <c>./models</c>.</value>
    [ConfigPath]
    public string Models { get; init; } = "models";

    /// <summary>
    /// Codebook to use: <c>current</c> (the published one, or the newest if none is published), <c>newest</c> or an id.
    /// </summary>
    /// <value>Default <c>current</c>.</value>
    public string Codebook { get; init; } = "current";

    /// <summary>Section <c>run</c>.</summary>
    public RunSection Run { get; init; } = new();

    /// <summary>Section <c>retention</c>.</summary>
    public RetentionSection Retention { get; init; } = new();

    /// <summary>Section <c>telemetry</c>.</summary>
    public TelemetrySection Telemetry { get; init; } = new();

    /// <summary>Section <c>input</c>.</summary>
    public InputOptions Input { get; init; } = new();

    /// <summary>
    /// Spark settings without the leading <c>spark.</c>, nested or dotted, such as <c>spark.sql.shuffle.partitions</c>.
    /// Used only with <c>--engine spark</c>.
    /// </summary>
    /// <value>
    /// Default none: <c>spark.master</c> is then <c>local[THREADS]</c>, unless set by <c>spark-submit</c>.
    /// <c>spark.pyspark.python</c> is the path of <c>onerec-worker</c> on executors; default: the folder of this
    /// program.
    /// </value>
    public IReadOnlyDictionary<string, string> Spark { get; init; } = new Dictionary<string, string>();

    /// <summary>Step sections that differ from their defaults; each replaces the section of its type.</summary>
    [JsonIgnore]
    public IReadOnlyList<IOptionSection> Sections
    {
        get => [.. _sections.Values];
        init => _sections = _sections.SetItems(value.Select(s => KeyValuePair.Create(s.GetType(), s)));
    }

    /// <summary>The section of a step; its defaults if nothing was set.</summary>
    public T Section<T>()
        where T : class, IOptionSection, new() => (T?)_sections.GetValueOrDefault(typeof(T)) ?? new T();

    /// <summary>The schema of all options, including the given step sections.</summary>
    public static ConfigurationSchema Schema(IEnumerable<OptionSection> sections) => ConfigurationSchema.Of<OneRecOptions>(type =>
    {
        foreach (OptionSection section in sections)
        {
            section.AddTo(type);
        }
    });

    /// <summary>Number of worker threads: the option, or all cores available to the process.</summary>
    public int ThreadCount() => Threads ?? MachineResources.Cores;

    /// <summary>Memory budget in bytes: the option, or half of the memory available to the process.</summary>
    public long MemoryBytes() => MemorySize.OrDefault(MemoryLimit);

    /// <summary>Sets a section while the options are read.</summary>
    internal void SetSection(IOptionSection section) => _sections = _sections.SetItem(section.GetType(), section);

    /// <summary>Adds one line per invalid key of every section; never throws.</summary>
    public void Validate(Problems problems)
    {
        problems.Require(Threads is null or (>= 1 and <= 1024), "threads", "must be 1 to 1024", Threads);
        problems.Require(
            MemoryLimit is null || (MemorySize.TryParse(MemoryLimit, out long bytes) && bytes >= LeastMemory),
            "memoryLimit",
            "must be at least 256 MiB, such as \"2 GiB\", \"512 MiB\" or bytes",
            MemoryLimit);
        problems.Require(Codebook.Length > 0, "codebook", "must be current, newest or an id", "\"\"");
        SourceName.RequireNoSecrets(problems, "tables", Tables);
        Retention.Validate(problems);
        Telemetry.Validate(problems);
        Input.Validate(problems);
        foreach (IOptionSection section in _sections.Values)
        {
            section.Validate(problems);
        }
    }
}

/// <summary>Section <c>run</c>: settings of this run, usually set by an orchestrator.</summary>
public sealed record RunSection
{
    /// <summary>Id of the run. An orchestrator can pass its own id, and the same id again on a retry.</summary>
    /// <value>Default null: a new id.</value>
    public string? Id { get; init; }

    /// <summary>Whether the model and the codebook may change after a codebook was published.</summary>
    /// <value>Default false: new items get IDs from the published codebook.</value>
    public bool Retrain { get; init; }
}

/// <summary>Section <c>retention</c>: what <c>maintain</c> keeps.</summary>
public sealed record RetentionSection
{
    /// <summary>Codebooks that are kept with their IDs: those published last, and the newest in any case.</summary>
    /// <value>1 to 1,000. Default 2: the current one, and the one to roll back to.</value>
    public int Codebooks { get; init; } = 2;

    /// <summary>Days for which versions of tables keep their data files: readers and backfills may take as long.</summary>
    /// <value>0 to 3,650. Default 7.</value>
    public double Days { get; init; } = 7;

    /// <summary>Days for which versions of tables keep their commits, and so can be read by version.</summary>
    /// <value>0 to 3,650. Default 30.</value>
    public double LogDays { get; init; } = 30;

    /// <summary>
    /// Days after which deleted items are purged: <c>maintain</c> blanks their texts, removes their embeddings, and takes the item out of
    /// its IDs. The bytes go with the versions that <see cref="Days"/> and <see cref="LogDays"/> keep.
    /// </summary>
    /// <value>0 to 36,500. Default null: never.</value>
    public double? DeletedDays { get; init; }

    /// <summary>Adds one line per invalid key.</summary>
    internal void Validate(Problems problems)
    {
        problems.Require(Codebooks is >= 1 and <= 1000, "retention.codebooks", "must be 1 to 1000", Codebooks);
        problems.Require(Days is >= 0 and <= 3650, "retention.days", "must be 0 to 3650", Days);
        problems.Require(LogDays is >= 0 and <= 3650, "retention.logDays", "must be 0 to 3650", LogDays);
        problems.Require(DeletedDays is null or (>= 0 and <= 36_500), "retention.deletedDays", "must be 0 to 36,500", DeletedDays);
    }
}

/// <summary>Section <c>telemetry</c>: who is told of runs.</summary>
public sealed record TelemetrySection
{
    /// <summary>
    /// An OpenTelemetry receiver (OTLP over HTTP, protobuf) that gets a trace of each run with a span per step, and metrics by step. Give a
    /// token in the environment variable <c>OTEL_EXPORTER_OTLP_HEADERS</c>.
    /// </summary>
    /// <value>An http or https URL, such as <c>http://localhost:4318</c>. Default null: nothing is sent.</value>
    public string? Otlp { get; init; }

    /// <summary>Adds one line per invalid key.</summary>
    internal void Validate(Problems problems)
    {
        bool url = Otlp is null || (Uri.TryCreate(Otlp, UriKind.Absolute, out Uri? receiver) && receiver.Scheme is "http" or "https");
        problems.Require(url, "telemetry.otlp", "must be an http or https URL, such as http://localhost:4318", Otlp);
        if (Otlp is not null)
        {
            SourceName.RequireNoSecrets(problems, "telemetry.otlp", Otlp);
        }
    }
}
