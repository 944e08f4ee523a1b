using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Queries.Runs;

/// <summary>The runs and what came of them, by tables <c>runs</c> and <c>failures</c> and the journal of runs at work.</summary>
public static class RunsQuery
{
    private static readonly Schema Listed = Columns(
        ("run_id", StringType.Default),
        ("outcome", StringType.Default),
        ("last_at", ArrowTypes.Utc),
        ("steps", Int64Type.Default),
        ("seconds", DoubleType.Default),
        ("at_step", StringType.Default),
        ("message", StringType.Default));

    private static readonly Schema Detailed = Columns(
        ("step", StringType.Default),
        ("outcome", StringType.Default),
        ("ended_at", ArrowTypes.Utc),
        ("seconds", DoubleType.Default),
        ("rows", Int64Type.Default),
        ("tables", StringType.Default),
        ("exit_code", Int32Type.Default),
        ("message", StringType.Default));

    /// <summary>The newest runs, newest first.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="limit">How many at most, at least 1.</param>
    /// <param name="failed">Whether only those are wanted that are not done.</param>
    public static QueryResult List(IEngine engine, int limit, bool failed)
    {
        ArgumentNullException.ThrowIfNull(engine);

        // A run without a failure is known by its steps, so all are read where most are left out.
        int read = failed ? int.MaxValue : limit;
        Dictionary<string, RunHistory> runs = Read(
            engine,
            SqlScript.Load(typeof(RunsQuery), "recent_runs.sql").With("limit", read),
            SqlScript.Load(typeof(RunsQuery), "recent_failures.sql").With("limit", read),
            _ => true);
        IEnumerable<object?[]> rows = runs
            .Where(r => !failed || r.Value.Outcome != RunOutcome.Done)
            .OrderByDescending(r => r.Value.LastAt)
            .ThenByDescending(r => r.Key, StringComparer.Ordinal)
            .Take(limit)
            .Select(r => new object?[]
            {
                r.Key,
                Word(r.Value.Outcome),
                r.Value.LastAt,
                r.Value.Events.Where(e => e.Failure is null).Select(e => e.Step).Distinct().LongCount(),
                Rounded(r.Value.Events.Sum(e => e.Seconds)),
                r.Value.At,
                r.Value.Message,
            });
        return Result(Listed, rows);
    }

    /// <summary>The steps of a run, old to new, with failures and the step at which it is.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="runId">The run.</param>
    /// <exception cref="OneRecException">There is no such run (exit 2).</exception>
    public static QueryResult Steps(IEngine engine, string runId)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Dictionary<string, RunHistory> runs = Read(
            engine,
            SqlScript.Load(typeof(RunsQuery), "steps_of_run.sql").With("run", runId),
            SqlScript.Load(typeof(RunsQuery), "failures_of_run.sql").With("run", runId),
            entry => entry.RunId == runId);
        if (!runs.TryGetValue(runId, out RunHistory? run))
        {
            throw OneRecException.Configuration("runs.unknown", $"there is no run '{runId}'; 'onerec runs' lists the runs");
        }

        IEnumerable<object?[]> steps = run.Events.Select(e => new object?[]
        {
            e.Step, Word(e.Failure is null ? RunOutcome.Done : RunOutcome.Failed), e.At, Rounded(e.Seconds), e.Rows, e.Tables, e.Failure?.ExitCode, e.Failure?.Message,
        });
        if (run.Entry is { } entry)
        {
            steps = steps.Append([entry.Step, Word(run.Outcome), entry.StepEndedAt, null, null, null, entry.Failure?.ExitCode, run.Message]);
        }

        return Result(Detailed, steps);
    }

    private static Dictionary<string, RunHistory> Read(IEngine engine, SqlScript steps, SqlScript failures, Func<RunEntry, bool> wanted)
    {
        var runs = new Dictionary<string, RunHistory>(StringComparer.Ordinal);
        foreach (object?[] row in Rows(engine, "runs", steps))
        {
            Of((string)row[0]!).Add(new RunEvent((string)row[1]!, (DateTimeOffset)row[4]!, (double)row[3]!) { Rows = (long)row[2]!, Tables = Tables((string)row[5]!) });
        }

        foreach (object?[] row in Rows(engine, "failures", failures))
        {
            Of((string)row[0]!).Add(new RunEvent((string)row[1]!, (DateTimeOffset)row[6]!, (double)row[5]!)
            {
                Failure = new FailureNote((int)row[2]!, (string)row[3]!, (string)row[4]!),
            });
        }

        foreach (RunEntry entry in RunJournal.Read(engine.Checkpoints).Where(wanted))
        {
            Of(entry.RunId).Add(entry);
        }

        return runs;

        RunHistory Of(string runId)
        {
            if (!runs.TryGetValue(runId, out RunHistory? run))
            {
                runs.Add(runId, run = new RunHistory());
            }

            return run;
        }
    }

    private static List<object?[]> Rows(IEngine engine, string table, SqlScript script) => engine.Tables.State(table) is null
        ? []
        : RowReader.Read(engine.Collect(engine.Sql(script, (table, engine.ReadTable(table)))));

    private static string Tables(string json)
    {
        using JsonDocument tables = JsonDocument.Parse(json);
        return string.Join(", ", tables.RootElement.EnumerateObject().Select(t => $"{t.Name}@{t.Value}"));
    }

    private static double Rounded(double seconds) => Math.Round(seconds, 3);

    private static string Word(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Done => "done",
        RunOutcome.Failed => "failed",
        RunOutcome.Interrupted => "interrupted",
        RunOutcome.Killed => "killed",
        RunOutcome.Running => "running",
        _ => "running or killed",
    };

    private static Schema Columns(params (string Name, IArrowType Type)[] columns) =>
        new(columns.Select(c => new Field(c.Name, c.Type, nullable: true)), null);

    private static QueryResult Result(Schema schema, IEnumerable<object?[]> rows) => new(schema, [RowReader.Build(schema, [.. rows])]);
}
