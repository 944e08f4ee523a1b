using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Running;

/// <summary>
/// The context in which a step runs. It gives access to the step's planned inputs and its own tables, and to no other
/// tables.
/// </summary>
public sealed class StepRun : IWork
{
    /// <summary>The folder of tables that hold work in progress.</summary>
    public const string StagingFolder = "_staging";

    private readonly IEngine _engine;
    private readonly IStep _step;

    /// <summary>Creates the context of a step.</summary>
    public StepRun(IEngine engine, IStep step, StepPlan plan, PlanContext context, string runId, IRunObserver observer, RunInputs sources)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(context);
        _engine = engine;
        _step = step;
        Plan = plan;
        Fingerprint = plan.Fingerprint(step.Name);
        Options = context.Options;
        Clock = context.Clock;
        Cancellation = context.Cancellation;
        RunId = runId;
        Observer = observer;
        Sources = sources;
    }

    /// <summary>Creates relations; cannot read tables.</summary>
    public IQueryEngine Engine => _engine;

    /// <summary>The upkeep of the tables.</summary>
    public ITableUpkeep Upkeep => _engine.Upkeep;

    /// <summary>Intermediate results that the step saves, to continue after an interruption.</summary>
    public ICheckpoints Checkpoints => _engine.Checkpoints;

    /// <summary>The step's plan.</summary>
    public StepPlan Plan { get; }

    /// <summary>The fingerprint of the plan.</summary>
    public string Fingerprint { get; }

    /// <summary>All options, validated.</summary>
    public OneRecOptions Options { get; }

    /// <summary>The step's name.</summary>
    public string Step => _step.Name;

    /// <summary>The id of this run.</summary>
    public string RunId { get; }

    /// <summary>The clock for columns such as <c>updated_at</c>; never used for decisions.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Ctrl-C.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Receives progress.</summary>
    public IRunObserver Observer { get; }

    /// <summary>The user's input files, opened once and shared by the steps of a run.</summary>
    public RunInputs Sources { get; }

    /// <summary>Reports a line to the user.</summary>
    public void Report(string line) => Observer.Message(_step.Name, line);

    /// <summary>Sets the handler of kernel progress, replacing the default one.</summary>
    public void OnProgress(Action<KernelProgress> progress) => _engine.Progress = progress;

    /// <summary>An input table at its planned version.</summary>
    /// <exception cref="InvalidOperationException">The plan does not list the table.</exception>
    public PinnedTable Input(string table) => new(_engine, Plan.Inputs.Table(table));

    /// <summary>A table that the step writes, at its current version.</summary>
    /// <exception cref="InvalidOperationException">
    /// The step's description does not list the table as written.
    /// </exception>
    public PinnedTable Output(string table) => _step.Description.Writes.Any(w => w.Name == table)
        ? new PinnedTable(_engine, new TableInput(table, _engine.Tables.State(table)))
        : throw new InvalidOperationException($"the description of step {_step.Name} does not list '{table}' as written");

    /// <summary>A table that holds work in progress: below <c>_staging</c>, known to the step alone.</summary>
    /// <param name="name">A name that is no path.</param>
    public PinnedTable Staging(string name) => new(_engine, new TableInput(StagingTable(name), _engine.Tables.State(StagingTable(name))));

    /// <summary>The name of a table that holds work in progress.</summary>
    public static string StagingTable(string name) => $"{StagingFolder}/{name}";

    /// <summary>The ids of the writes that a table has (<see cref="TableWrite.Once"/>).</summary>
    public IReadOnlySet<string> DoneOnce(string table) => _engine.Tables.DoneOnce(table);

    /// <summary>Whether an input table has other rows than the plan pinned.</summary>
    public bool HasChanged(string table) => _engine.Tables.State(table)?.DataVersion != Plan.Inputs.Table(table).State?.DataVersion;

    /// <summary>The note for a commit of the step.</summary>
    /// <param name="complete">False for a commit that is only part of the work.</param>
    public CommitNote Note(bool complete = true) => new(_step.Name, RunId, Fingerprint, complete);

    /// <summary>Writes rows in one commit; a conflict with another writer is returned as a value.</summary>
    public WriteResult TryWrite(IRelation rows, TableWrite write) => _engine.Write(rows, write);

    /// <summary>Writes rows in one commit; fails with exit code 4 if another process committed first.</summary>
    /// <exception cref="OneRecException">Table error <c>table.conflict</c>.</exception>
    public TableVersion Write(IRelation rows, TableWrite write, out long count)
    {
        ArgumentNullException.ThrowIfNull(write);
        WriteResult.Committed committed = TryWrite(rows, write).RequireCommitted(write.Table.Name);
        count = committed.Rows;
        return new TableVersion(write.Table.Name, committed.Version);
    }
}

/// <summary>A table at a fixed state.</summary>
public sealed class PinnedTable(IEngine engine, TableInput input)
{
    /// <summary>The state; null if the table did not exist.</summary>
    public TableState? State => input.State;

    /// <summary>The run that made the commit pinned with the table; null if there is none.</summary>
    public string? NewestRun => input.Commit?.Note.Run;

    /// <summary>The type of column <c>item_id</c>; the table must exist.</summary>
    public IArrowType IdType => Existing.Schema.GetFieldByName("item_id").DataType;

    /// <summary>The rows; the table must exist.</summary>
    public IRelation Rows => engine.ReadTable(input.Name, Existing.Version);

    private TableState Existing => State ?? throw new InvalidOperationException($"table '{input.Name}' does not exist");

    /// <summary>The rows; none if the table did not exist.</summary>
    public IRelation RowsOr(TableDefinition empty)
    {
        ArgumentNullException.ThrowIfNull(empty);
        return State is null ? engine.FromRows(empty.Schema, []) : Rows;
    }

    /// <summary>Requires that the table exists.</summary>
    /// <param name="step">The step that creates it, for the message.</param>
    /// <exception cref="OneRecException">Table error <c>table.missing</c>.</exception>
    public PinnedTable Require(string step) => State is not null ? this : throw OneRecException.Table(
        "table.missing", $"there is no table '{input.Name}' yet; run 'onerec {step}' first");
}
