using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Running;

/// <summary>What a step's rows depend on: equal plans give equal rows.</summary>
/// <param name="Algorithm">Raised whenever the step's code gives other rows for the same inputs.</param>
public sealed record StepPlan(int Algorithm)
{
    /// <summary>Every input, pinned: what is named here is what the step can read.</summary>
    public StepInputs Inputs { get; init; } = [];

    /// <summary>Parameters that change rows, the seed among them where it matters; never threads, engine or run id.</summary>
    public JsonObject Parameters { get; init; } = [];

    /// <summary>The codebook that the step works on; null where it works on none.</summary>
    public Codebook? Codebook { get; init; }

    /// <summary>SHA-256 of the plan, 64 hex characters.</summary>
    public string Fingerprint(string step) => StableHash.Sha256(CanonicalJson.Write(new JsonObject
    {
        ["step"] = step,
        ["algorithm"] = Algorithm,
        ["inputs"] = Inputs.ToJson(),
        ["parameters"] = Parameters.DeepClone(),
    }));
}

/// <summary>The inputs of a plan by name, each with what identifies its rows: a version, a hash, an id.</summary>
public sealed class StepInputs : IEnumerable<KeyValuePair<string, string>>
{
    private readonly SortedDictionary<string, string> _identities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TableInput> _tables = new(StringComparer.Ordinal);

    /// <summary>What identifies an input's rows.</summary>
    public string this[string name] => _identities[name];

    /// <summary>Adds an input that is no table: files, a log.</summary>
    public void Add(string name, string identity) => _identities.Add(name, identity);

    /// <summary>Adds a table; its newest data-changing version identifies its rows.</summary>
    public void Add(TableInput table)
    {
        ArgumentNullException.ThrowIfNull(table);
        Add(table, table.Name, table.State?.DataVersion.ToString(CultureInfo.InvariantCulture) ?? "none");
    }

    /// <summary>Adds a table of which something else identifies the rows that are read, such as a codebook's id.</summary>
    public void Add(TableInput table, string name, string identity)
    {
        ArgumentNullException.ThrowIfNull(table);
        _tables.Add(table.Name, table);
        _identities.Add(name, identity);
    }

    /// <summary>Pins a table whose version does not change the step's rows: only its schema is looked at.</summary>
    public void Pin(TableInput table)
    {
        ArgumentNullException.ThrowIfNull(table);
        _tables.Add(table.Name, table);
    }

    /// <summary>A pinned table.</summary>
    /// <exception cref="InvalidOperationException">The plan does not name it.</exception>
    public TableInput Table(string name) => _tables.TryGetValue(name, out TableInput? table)
        ? table
        : throw new InvalidOperationException($"the plan names no table '{name}'");

    /// <summary>The identities as JSON.</summary>
    public JsonObject ToJson() => new(_identities.Select(i => KeyValuePair.Create<string, JsonNode?>(i.Key, i.Value)));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _identities.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A table at the state that a plan found.</summary>
/// <param name="Name">The table.</param>
/// <param name="State">Its state; null where the table was not there.</param>
/// <param name="Commit">The newest data-changing commit of the step that was asked for; null where there is none.</param>
public sealed record TableInput(string Name, TableState? State, NotedCommit? Commit = null);

/// <summary>What a step did.</summary>
/// <param name="Rows">Rows written to its main table.</param>
/// <param name="Tables">Tables it committed to, with their new versions.</param>
/// <param name="Facts">A few short facts for the summary, in order.</param>
public sealed record StepOutcome(long Rows, IReadOnlyList<TableVersion> Tables, IReadOnlyList<Fact> Facts)
{
    /// <summary>The columns of inputs that it read, with the types that it took them for; kept in <c>runs</c>.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();
}
