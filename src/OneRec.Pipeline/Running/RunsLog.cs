using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Running;

/// <summary>Table <c>runs</c>: what each step of each run did, written last.</summary>
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
            _newest[(string)row[0]!] = new Entry((string)row[1]!, (string)row[2]!, ReadTables((string)row[3]!));
        }
    }

    /// <summary>The newest row of a step; null where it never ended.</summary>
    public Entry? Newest(string step) => _newest.GetValueOrDefault(step);

    /// <summary>Writes a step's row, replacing that of the same run id and step.</summary>
    /// <param name="context">The run.</param>
    /// <param name="step">The step.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="outcome">What it did.</param>
    /// <param name="seconds">Wall time.</param>
    public void Write(StepContext context, IStep step, StepPlan plan, StepOutcome outcome, double seconds)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(outcome);
        TableDefinition table = OneRecTables.Runs();
        string fingerprint = plan.Fingerprint(step.Name);
        var inputs = new JsonObject(plan.Inputs.Select(i => KeyValuePair.Create<string, JsonNode?>(i.Key, i.Value)));
        var tables = new JsonObject(outcome.Tables.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Table, t.Version)));
        IEnumerable<Fact> types = outcome.Types.Select(t => new Fact($"types of {t.Key}", t.Value));
        var facts = new JsonArray([.. outcome.Facts.Concat(types).Select(f => new JsonObject { ["name"] = f.Name, ["value"] = f.Value })]);
        object?[] row =
        [
            context.RunId,
            step.Name,
            Core.CanonicalJson.Write(inputs),
            Core.CanonicalJson.Write(plan.Parameters),
            Core.CanonicalJson.Write(tables),
            context.Options.Seed,
            CodeVersion.Text,
            fingerprint,
            outcome.Rows,
            seconds,
            context.Clock.GetUtcNow(),
            Core.CanonicalJson.Write(facts),
        ];
        var write = new TableWrite(
            table,
            new WriteMode.Replace(new Dictionary<string, string> { ["run_id"] = context.RunId, ["step"] = step.Name }),
            new CommitNote("runs", context.RunId, fingerprint));
        context.Write(_engine.FromRows(table.Schema, [RowReader.Build(table.Schema, [row])]), write, out _);
        _newest[step.Name] = new Entry(context.RunId, fingerprint, outcome.Tables.ToDictionary(t => t.Table, t => t.Version));
    }

    private static Dictionary<string, long> ReadTables(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt64());
    }

    /// <summary>A row of the table.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Fingerprint">Of the step's plan.</param>
    /// <param name="Tables">Tables that it left, with their versions.</param>
    public sealed record Entry(string RunId, string Fingerprint, IReadOnlyDictionary<string, long> Tables);
}
