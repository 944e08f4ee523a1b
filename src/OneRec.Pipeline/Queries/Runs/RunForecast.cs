using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Queries.Runs;

/// <summary>What a run of the whole job would do: which steps, and why. Nothing is computed and nothing is written.</summary>
public static class RunForecast
{
    private const string UpToDate = "up to date";
    private const string LeftOut = "left out";
    private const string Runs = "runs";
    private const string Depends = "depends";

    private static readonly Schema Columns = new(
        [new Field("step", StringType.Default, true), new Field("verdict", StringType.Default, true), new Field("why", StringType.Default, true)], null);

    /// <summary>Plans each step of the job and compares the plan with that of the step's last row in <c>runs</c>.</summary>
    /// <remarks>
    /// A step that reads what a step before it would write cannot be planned yet: whether it runs depends on the rows that come.
    /// </remarks>
    /// <exception cref="OneRecException">An input is missing or wrong: the error that the run would end with.</exception>
    public static QueryResult Of(IEngine engine, OneRecOptions options, StepCatalogue steps, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(steps);
        var runs = new RunsLog(engine);
        var context = new PlanContext(engine, options, clock, cancellation) { Runs = runs };
        LostPublication.Refuse(context, runs, steps.Job);
        context.RequireInputs(steps.Job);
        Dictionary<string, LastPlan> last = LastPlans(engine);
        var written = new Dictionary<string, string>(StringComparer.Ordinal); // What steps before would write, by table or, for models, by step.
        var rows = new List<object?[]>();
        foreach (IStep step in steps.Job)
        {
            cancellation.ThrowIfCancellationRequested();
            (string verdict, string why) = Verdict(step, context, runs, last.GetValueOrDefault(step.Name), written);
            rows.Add([step.Name, verdict, why]);
            if (verdict is Runs or Depends)
            {
                foreach (string result in step.Description.Writes.Select(t => t.Name).Append(step.Name))
                {
                    written.TryAdd(result, step.Name);
                }
            }
        }

        return new QueryResult(Columns, [RowReader.Build(Columns, rows)]);
    }

    private static (string Verdict, string Why) Verdict(
        IStep step, PlanContext context, RunsLog runs, LastPlan? last, Dictionary<string, string> written)
    {
        if (step.WhyLeftOut(context) is { } reason)
        {
            return (LeftOut, reason);
        }

        if (step.Description.Reads.Concat(step.Description.ReadsResultsOf).FirstOrDefault(written.ContainsKey) is { } read)
        {
            bool never = step.Description.MainTable is { } main
                ? context.Engine.Tables.State(main) is null
                : step.ResultFingerprint(context.Options) is null;
            return never ? (Runs, "it never ran") : (Depends, $"on what {written[read]} writes");
        }

        StepPlan plan = step.Plan(context);
        StepFreshness freshness = StepFreshness.Of(step, plan.Fingerprint(step.Name), context, runs);
        return freshness switch
        {
            { IsFresh: true } => (UpToDate, runs.Newest(step.Name) is { } row ? $"since run {row.RunId}" : "its commit is whole"),
            { Notice: { } notice } => (Runs, notice),
            _ when last is null => (Runs, "it never ran"),
            _ => (Runs, string.Join("; ", last.Changes(plan)) is { Length: > 0 } changes ? changes : last.Unchanged(step)),
        };
    }

    private static Dictionary<string, LastPlan> LastPlans(IEngine engine)
    {
        if (engine.Tables.State(Runs) is null)
        {
            return [];
        }

        IRelation rows = engine.Sql(SqlScript.Load(typeof(RunForecast), "newest_plans.sql"), (Runs, engine.ReadTable(Runs)));
        return RowReader.Read(engine.Collect(rows)).ToDictionary(
            row => (string)row[0]!,
            row => new LastPlan((string)row[1]!, Parse(row[2]), Parse(row[3]), (string)row[4]!),
            StringComparer.Ordinal);
    }

    private static JsonObject Parse(object? json) => (JsonObject)JsonNode.Parse((string)json!)!;

    /// <summary>What a step's newest row in <c>runs</c> was computed from.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Inputs">Its inputs with their identities.</param>
    /// <param name="Parameters">Its parameters.</param>
    /// <param name="CodeVersion">The version of the program.</param>
    private sealed record LastPlan(string RunId, JsonObject Inputs, JsonObject Parameters, string CodeVersion)
    {
        private const int LongestValue = 60;

        /// <summary>What differs in a plan of today, by name.</summary>
        public IEnumerable<string> Changes(StepPlan plan) =>
            Changes("", Inputs, plan.Inputs.ToJson()).Concat(Changes("", Parameters, plan.Parameters));

        /// <summary>Why a step runs again although its inputs and parameters are those of the last time.</summary>
        public string Unchanged(IStep step) => CodeVersion != Running.CodeVersion.Text
            ? $"this version computes it in another way than {CodeVersion}, which ran last"
            : $"{step.Description.Result ?? step.Description.MainTable} is not what run {RunId} left";

        private static IEnumerable<string> Changes(string path, JsonObject before, JsonObject now)
        {
            foreach (string name in before.Select(p => p.Key).Union(now.Select(p => p.Key)).Order(StringComparer.Ordinal))
            {
                (JsonNode? old, JsonNode? made) = (before[name], now[name]);
                string full = path.Length == 0 ? name : $"{path}.{name}";
                if (JsonNode.DeepEquals(old, made))
                {
                    continue;
                }

                if (old is JsonObject oldObject && made is JsonObject newObject)
                {
                    foreach (string change in Changes(full, oldObject, newObject))
                    {
                        yield return change;
                    }
                }
                else if (IsHash(old) || IsHash(made))
                {
                    yield return $"{full} changed";
                }
                else
                {
                    yield return $"{full}: {Text(old)} before, now {Text(made)}";
                }
            }
        }

        // The identity of files: only that it differs says something.
        private static bool IsHash(JsonNode? value) =>
            value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.String && ((string)value!) is { Length: 64 } text && text.All(char.IsAsciiHexDigitLower);

        private static string Text(JsonNode? value)
        {
            string text = value is null ? "none" : CanonicalJson.Write(value);
            return text.Length <= LongestValue ? text : text[..LongestValue] + "...";
        }
    }
}
