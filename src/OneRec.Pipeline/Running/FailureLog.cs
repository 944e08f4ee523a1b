using OneRec.Core;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Running;

/// <summary>What a run failed of, as it is shown to the user.</summary>
/// <param name="ExitCode">The exit code of the command.</param>
/// <param name="Code">A stable dotted code, such as <c>input.missing-column</c>.</param>
/// <param name="Message">One line.</param>
public sealed record FailureNote(int ExitCode, string Code, string Message)
{
    /// <summary>The note of an error of ours; another exception is a bug.</summary>
    public static FailureNote Of(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure is OneRecException known
            ? new FailureNote((int)known.Kind, known.Code, known.Message)
            : new FailureNote((int)ErrorKind.Bug, "bug", $"{failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
    }
}

/// <summary>Table <c>failures</c>: the runs that failed or were interrupted, and at which step.</summary>
internal static class FailureLog
{
    /// <summary>Appends a row.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="runId">The run.</param>
    /// <param name="step">The step that failed.</param>
    /// <param name="note">What it failed of.</param>
    /// <param name="seconds">How long the step ran.</param>
    /// <param name="now">The time.</param>
    public static void Append(IEngine engine, string runId, string step, FailureNote note, double seconds, DateTimeOffset now)
    {
        TableDefinition table = OneRecTables.Failures();
        object?[] row = [runId, step, note.ExitCode, note.Code, note.Message, seconds, now, CodeVersion.Text];
        IRelation rows = engine.FromRows(table.Schema, [RowReader.Build(table.Schema, [row])]);
        engine.Write(rows, new TableWrite(table, new WriteMode.Append(), new CommitNote(table.Name, runId, ""))).RequireCommitted(table.Name);
    }
}
