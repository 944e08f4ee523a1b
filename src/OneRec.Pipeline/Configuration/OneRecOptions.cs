using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Configuration;

/// <summary>All options of a run, as merged from file, environment and command line. Paths are full.</summary>
public sealed record OneRecOptions
{
    private const long LeastMemory = 256L << 20;

    private ImmutableDictionary<Type, IOptionSection> _sections = ImmutableDictionary<Type, IOptionSection>.Empty;

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

    /// <summary>
    /// Settings of Spark without the leading <c>spark.</c>, nested or dotted, such as <c>spark.sql.shuffle.partitions</c>; for
    /// <c>--engine spark</c> alone.
    /// </summary>
    /// <value>
    /// Default none: <c>spark.master</c> is then <c>local[THREADS]</c>, unless <c>spark-submit</c> chose it.
    /// <c>spark.pyspark.python</c> is where executors find <c>onerec-worker</c>: default beside this program.
    /// </value>
    public IReadOnlyDictionary<string, string> Spark { get; init; } = new Dictionary<string, string>();

    /// <summary>Sections of steps that are not all defaults; each replaces the one of its type.</summary>
    [JsonIgnore]
    public IReadOnlyList<IOptionSection> Sections
    {
        get => [.. _sections.Values];
        init => _sections = _sections.SetItems(value.Select(s => KeyValuePair.Create(s.GetType(), s)));
    }

    /// <summary>A step's section: its defaults where nothing was set.</summary>
    public T Section<T>()
        where T : class, IOptionSection, new() => (T?)_sections.GetValueOrDefault(typeof(T)) ?? new T();

    /// <summary>What options there are, with the sections of some steps.</summary>
    public static ConfigurationSchema Schema(IEnumerable<OptionSection> sections) => ConfigurationSchema.Of<OneRecOptions>(type =>
    {
        foreach (OptionSection section in sections)
        {
            section.AddTo(type);
        }
    });

    /// <summary>Threads to keep busy: the option, else every core that the process may use.</summary>
    public int ThreadCount() => Threads ?? MachineResources.Cores;

    /// <summary>Memory that steps plan with, in bytes: the option, else half of what the process may use.</summary>
    public long MemoryBytes() => MemorySize.OrDefault(MemoryLimit);

    /// <summary>Sets a section while the options are read.</summary>
    internal void Take(IOptionSection section) => _sections = _sections.SetItem(section.GetType(), section);

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
        foreach (IOptionSection section in _sections.Values)
        {
            section.Validate(problems);
        }
    }
}

/// <summary>Section <c>run</c>: this run as an orchestrator sees it.</summary>
public sealed record RunSection
{
    /// <summary>The run's id; an orchestrator's may be given and used again on retry.</summary>
    /// <value>Default null: a new one.</value>
    public string? Id { get; init; }

    /// <summary>Whether model and codebook may change once one is published.</summary>
    /// <value>Default false: new items are embedded and appended under the published codebook.</value>
    public bool Retrain { get; init; }
}
