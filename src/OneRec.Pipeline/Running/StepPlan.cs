using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Pipeline.Running;

/// <summary>What a step's rows depend on: equal plans give equal rows.</summary>
/// <param name="MainTable">The table whose commit says that the step is done.</param>
/// <param name="Algorithm">Raised whenever the step's code gives other rows for the same inputs.</param>
public sealed record StepPlan(string MainTable, int Algorithm)
{
    /// <summary>Inputs by name with their version or hash: <c>items</c> "12".</summary>
    public SortedDictionary<string, string> Inputs { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Parameters that change rows, the seed among them where it matters; never threads, engine or run id.</summary>
    public JsonObject Parameters { get; init; } = [];

    /// <summary>SHA-256 of the plan, 64 hex characters.</summary>
    public string Fingerprint(string step) => StableHash.Sha256(CanonicalJson.Write(new JsonObject
    {
        ["step"] = step,
        ["algorithm"] = Algorithm,
        ["inputs"] = new JsonObject(Inputs.Select(i => KeyValuePair.Create<string, JsonNode?>(i.Key, i.Value))),
        ["parameters"] = Parameters.DeepClone(),
    }));
}

/// <summary>What a step did, as it tells it.</summary>
/// <param name="Rows">Rows written to its main table.</param>
/// <param name="Tables">Tables it committed to, with their new versions.</param>
/// <param name="Facts">A few short facts for the summary, in order.</param>
public sealed record StepOutcome(long Rows, IReadOnlyList<TableVersion> Tables, IReadOnlyList<Fact> Facts)
{
    /// <summary>The columns of inputs that it read, with the types that it took them for; kept in <c>runs</c>.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();
}
