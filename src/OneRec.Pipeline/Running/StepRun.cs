using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Running;

/// <summary>What a step works with while it runs: its planned inputs, its own tables, and nothing else of the run's tables.</summary>
public sealed class StepRun
{
    private readonly IEngine _engine;
    private readonly IStep _step;
    private readonly string _fingerprint;

    /// <summary>A run of a step.</summary>
    public StepRun(IEngine engine, IStep step, StepPlan plan, PlanContext context, string runId, IRunObserver observer, RunInputs sources)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(context);
        _engine = engine;
        _step = step;
        _fingerprint = plan.Fingerprint(step.Name);
        Plan = plan;
        Options = context.Options;
        Clock = context.Clock;
        Cancellation = context.Cancellation;
        RunId = runId;
        Observer = observer;
        Sources = sources;
    }

    /// <summary>Makes relations; reads no table of the run.</summary>
    public IQueryEngine Engine => _engine;

    /// <summary>What the step saves on its way, to go on after a kill.</summary>
    public ICheckpoints Checkpoints => _engine.Checkpoints;

    /// <summary>The step's plan.</summary>
    public StepPlan Plan { get; }

    /// <summary>All options, valid.</summary>
    public OneRecOptions Options { get; }

    /// <summary>The step's name.</summary>
    public string Step => _step.Name;

    /// <summary>This run's id.</summary>
    public string RunId { get; }

    /// <summary>Time for columns such as <c>updated_at</c>; never for decisions.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Ctrl-C.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Gets progress.</summary>
    public IRunObserver Observer { get; }

    /// <summary>The user's files, opened once and shared by the steps of a run.</summary>
    public RunInputs Sources { get; }

    /// <summary>Tells the user a line.</summary>
    public void Report(string line) => Observer.Told(_step.Name, line);

    /// <summary>Takes the progress of kernels from now on, in place of the plain one.</summary>
    public void OnProgress(Action<KernelProgress> progress) => _engine.Progress = progress;

    /// <summary>An input table at its planned version.</summary>
    /// <exception cref="InvalidOperationException">The plan does not name it.</exception>
    public PinnedTable Input(string table) => new(_engine, Plan.Inputs.Table(table));

    /// <summary>A table that the step writes, as it is now.</summary>
    /// <exception cref="InvalidOperationException">The step does not write it.</exception>
    public PinnedTable Output(string table) => _step.Description.Writes.Any(w => w.Name == table)
        ? new PinnedTable(_engine, new TableInput(table, _engine.Tables.State(table)))
        : throw new InvalidOperationException($"{_step.Name} does not say that it writes '{table}'");

    /// <summary>The note that a commit of the step carries.</summary>
    /// <param name="complete">False for a commit that is a part of the work.</param>
    public CommitNote Note(bool complete = true) => new(_step.Name, RunId, _fingerprint, complete);

    /// <summary>Writes rows in one commit; losing a race is a value.</summary>
    public WriteResult TryWrite(IRelation rows, TableWrite write) => _engine.Write(rows, write);

    /// <summary>Writes rows in one commit, or ends with exit 4 where somebody else was first.</summary>
    /// <exception cref="OneRecException">Table error <c>table.conflict</c>.</exception>
    public TableVersion Write(IRelation rows, TableWrite write, out long count)
    {
        ArgumentNullException.ThrowIfNull(write);
        switch (_engine.Write(rows, write))
        {
            case WriteResult.Committed committed:
                count = committed.Rows;
                return new TableVersion(write.Table.Name, committed.Version);
            case WriteResult.Conflict conflict:
                throw OneRecException.Table(
                    "table.conflict",
                    $"{write.Table.Name}: another process committed version {conflict.Version} first; run the command again");
            default:
                throw new InvalidOperationException("unknown write result");
        }
    }
}

/// <summary>A table at one state.</summary>
public sealed class PinnedTable(IEngine engine, TableInput input)
{
    /// <summary>Its state; null where the table was not there.</summary>
    public TableState? State => input.State;

    /// <summary>The run that made the newest commit that was pinned with it; null where there is none.</summary>
    public string? NewestRun => input.Commit?.Note.Run;

    /// <summary>The type of its column <c>item_id</c>; the table must be there.</summary>
    public IArrowType IdType => Existing.Schema.GetFieldByName("item_id").DataType;

    /// <summary>Its rows; the table must be there.</summary>
    public IRelation Rows => engine.ReadTable(input.Name, Existing.Version);

    private TableState Existing => State ?? throw new InvalidOperationException($"table '{input.Name}' is not there");

    /// <summary>Its rows; none where the table was not there.</summary>
    public IRelation RowsOr(TableDefinition empty)
    {
        ArgumentNullException.ThrowIfNull(empty);
        return State is null ? engine.FromRows(empty.Schema, []) : Rows;
    }

    /// <summary>This table, which must be there.</summary>
    /// <param name="step">The step that makes it.</param>
    /// <exception cref="OneRecException">Table error <c>table.missing</c>.</exception>
    public PinnedTable Require(string step) => State is not null ? this : throw OneRecException.Table(
        "table.missing", $"there is no table '{input.Name}' yet; run 'onerec {step}' first");
}
