using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Running;

/// <summary>Everything a step's rows depend on: equal plans give equal rows.</summary>
/// <param name="Algorithm">
/// Version of the step's algorithm; raised whenever the same inputs give different rows.
/// </param>
public sealed record StepPlan(int Algorithm)
{
    /// <summary>All inputs, pinned: the step can read only what is listed here.</summary>
    public StepInputs Inputs { get; init; } = [];

    /// <summary>
    /// Parameters that change rows, including the seed if it matters; never threads, engine or run id.
    /// </summary>
    public JsonObject Parameters { get; init; } = [];

    /// <summary>The codebook that the step uses; null if it uses none.</summary>
    public Codebook? Codebook { get; init; }

    /// <summary>SHA-256 of the plan, 64 hex digits.</summary>
    public string Fingerprint(string step) => StableHash.Sha256(CanonicalJson.Write(new JsonObject
    {
        ["step"] = step,
        ["algorithm"] = Algorithm,
        ["inputs"] = Inputs.ToJson(),
        ["parameters"] = Parameters.DeepClone(),
    }));
}

/// <summary>The inputs of a plan by name, each with the identity of its rows: a version, a hash or an id.</summary>
public sealed class StepInputs : IEnumerable<KeyValuePair<string, string>>
{
    private readonly SortedDictionary<string, string> _identities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TableInput> _tables = new(StringComparer.Ordinal);

    /// <summary>The identity of an input's rows.</summary>
    public string this[string name] => _identities[name];

    /// <summary>Adds an input that is not a table, such as files or a log.</summary>
    public void Add(string name, string identity) => _identities.Add(name, identity);

    /// <summary>Adds a table, identified by its newest data-changing version.</summary>
    public void Add(TableInput table)
    {
        ArgumentNullException.ThrowIfNull(table);
        Add(table, table.Name, table.State?.DataVersion.ToString(CultureInfo.InvariantCulture) ?? "none");
    }

    /// <summary>Adds a table whose relevant rows are identified by something else, such as a codebook id.</summary>
    public void Add(TableInput table, string name, string identity)
    {
        ArgumentNullException.ThrowIfNull(table);
        _tables.Add(table.Name, table);
        _identities.Add(name, identity);
    }

    /// <summary>
    /// Pins a table whose version does not affect the step's rows, for example if only its schema is read.
    /// </summary>
    public void Pin(TableInput table)
    {
        ArgumentNullException.ThrowIfNull(table);
        _tables.Add(table.Name, table);
    }

    /// <summary>Gets a pinned table.</summary>
    /// <exception cref="InvalidOperationException">The plan does not list the table.</exception>
    public TableInput Table(string name) => _tables.TryGetValue(name, out TableInput? table)
        ? table
        : throw new InvalidOperationException($"the plan does not list table '{name}'");

    /// <summary>The identities as JSON.</summary>
    public JsonObject ToJson() => new(_identities.Select(i => KeyValuePair.Create<string, JsonNode?>(i.Key, i.Value)));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _identities.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A table at the state pinned by a plan.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="State">Its state; null if the table did not exist.</param>
/// <param name="Commit">The newest data-changing commit of the requested step; null if there is none.</param>
public sealed record TableInput(string Name, TableState? State, NotedCommit? Commit = null);

/// <summary>The outcome of a step.</summary>
/// <param name="Rows">Rows written to the main table.</param>
/// <param name="Tables">Tables that the step committed to, with their new versions.</param>
/// <param name="Facts">A few short facts for the summary, in order.</param>
public sealed record StepOutcome(long Rows, IReadOnlyList<TableVersion> Tables, IReadOnlyList<Fact> Facts)
{
    /// <summary>The input columns that were read and their types, by input; stored in <c>runs</c>.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the step only looked, and table <c>runs</c> gets no row.</summary>
    public bool IsDryRun { get; init; }
}
