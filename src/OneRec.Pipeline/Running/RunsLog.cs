using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Running;

/// <summary>Table <c>runs</c>: what each step of each run did; written after the step's other tables.</summary>
public sealed class RunsLog
{
    private readonly IEngine _engine;
    private readonly Dictionary<string, Entry> _newest = new(StringComparer.Ordinal);

    /// <summary>Reads the newest row of each step.</summary>
    public RunsLog(IEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
        if (engine.Tables.State("runs") is null)
        {
            return;
        }

        IRelation newest = engine.Sql(SqlScript.Load(typeof(RunsLog), "newest_runs.sql"), ("runs", engine.ReadTable("runs")));
        foreach (object?[] row in RowReader.Read(engine.Collect(newest)))
        {
            _newest[(string)row[0]!] = new Entry((string)row[1]!, (string)row[2]!, ReadTables((string)row[3]!), ReadFacts((string?)row[4]));
        }
    }

    /// <summary>The newest row of a step; null if the step never finished.</summary>
    public Entry? Newest(string step) => _newest.GetValueOrDefault(step);

    /// <summary>The newest row of the step that writes a table; null if the table was never written.</summary>
    public Entry? NewestOf(string table) => _newest.Values.FirstOrDefault(row => row.Tables.ContainsKey(table));

    /// <summary>A hash of the newest rows of all steps but one.</summary>
    public string IdentityWithout(string step) => StableHash.Sha256(string.Join('\n', _newest
        .Where(row => row.Key != step)
        .OrderBy(row => row.Key, StringComparer.Ordinal)
        .Select(row => $"{row.Key} {row.Value.RunId} {row.Value.Fingerprint}")));

    /// <summary>Writes a step's row, replacing the row of the same run id and step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="plan">The step's plan.</param>
    /// <param name="outcome">The step's outcome.</param>
    /// <param name="seconds">Wall time in seconds.</param>
    /// <param name="runId">The run.</param>
    /// <param name="context">Options and clock of the run.</param>
    /// <exception cref="OneRecException">Table error <c>table.conflict</c>.</exception>
    public void Write(string step, StepPlan plan, StepOutcome outcome, double seconds, string runId, PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(outcome);
        TableDefinition table = OneRecTables.Runs();
        string fingerprint = plan.Fingerprint(step);
        var tables = new JsonObject(outcome.Tables.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Table, t.Version)));
        IEnumerable<Fact> types = outcome.Types.Select(t => new Fact($"types of {t.Key}", t.Value));
        var facts = new JsonArray([.. outcome.Facts.Concat(types).Select(f => new JsonObject { ["name"] = f.Name, ["value"] = f.Value })]);
        string factsText = CanonicalJson.Write(facts);
        object?[] row =
        [
            runId,
            step,
            CanonicalJson.Write(plan.Inputs.ToJson()),
            CanonicalJson.Write(plan.Parameters),
            CanonicalJson.Write(tables),
            context.Options.Seed,
            CodeVersion.Text,
            fingerprint,
            outcome.Rows,
            seconds,
            context.Clock.GetUtcNow(),
            factsText,
        ];
        var write = new TableWrite(
            table,
            new WriteMode.Replace(new Dictionary<string, string> { ["run_id"] = runId, ["step"] = step }),
            new CommitNote("runs", runId, fingerprint));
        _engine.Write(_engine.FromRows(table.Schema, [RowReader.Build(table.Schema, [row])]), write).RequireCommitted(table.Name);
        _newest[step] = new Entry(runId, fingerprint, outcome.Tables.ToDictionary(t => t.Table, t => t.Version), ReadFacts(factsText));
    }

    private static Dictionary<string, long> ReadTables(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt64());
    }

    // A name may come twice, such as the types of two files.
    private static Dictionary<string, string> ReadFacts(string? json)
    {
        using JsonDocument document = JsonDocument.Parse(json ?? "[]");
        return document.RootElement.EnumerateArray()
            .GroupBy(f => f.GetProperty("name").GetString()!, f => f.GetProperty("value").ToString(), StringComparer.Ordinal)
            .ToDictionary(f => f.Key, f => f.First(), StringComparer.Ordinal);
    }

    /// <summary>A row of the table.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Fingerprint">Fingerprint of the step's plan.</param>
    /// <param name="Tables">The step's tables with their versions after the step.</param>
    /// <param name="Facts">The step's facts by name.</param>
    public sealed record Entry(
        string RunId, string Fingerprint, IReadOnlyDictionary<string, long> Tables, IReadOnlyDictionary<string, string> Facts);
}
