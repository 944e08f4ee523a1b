using System.Globalization;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Swing;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>The clicks of a log in two parts (docs/method/swing-and-pairs.md, "Holdout").</summary>
/// <param name="Training">The clicks to learn from, with the columns of the log.</param>
/// <param name="HeldOut">The others.</param>
internal sealed record LogSplit(IRelation Training, IRelation HeldOut)
{
    /// <summary>Requires that the log has the times that a holdout needs.</summary>
    /// <exception cref="OneRecException">It has none (exit 2).</exception>
    public static void RequireTimes(OneRecOptions options)
    {
        EvaluateOptions evaluate = options.Section<EvaluateOptions>();
        if (evaluate.ParseHoldout() is { By: HoldoutBy.Time } && options.Input.Columns.Time is null)
        {
            throw OneRecException.Configuration(
                "evaluate.holdout",
                $"evaluate.holdout is {evaluate.Holdout}, but the log has no times (input.columns.time is null); set evaluate.holdout=users:SHARE");
        }
    }

    /// <summary>Splits clicks.</summary>
    /// <param name="run">Engine and seed.</param>
    /// <param name="clicks"><c>user_id</c>, <c>item_id</c>, and <c>event_time</c> where times decide.</param>
    /// <param name="count">Number of clicks; needed where times decide.</param>
    /// <param name="holdout">Which part is held out.</param>
    /// <param name="purpose">Part of the hash that decides over users: another purpose holds out other users.</param>
    /// <param name="withTime">Whether both parts keep <c>event_time</c>.</param>
    public static LogSplit Of(IWork run, IRelation clicks, long count, Holdout holdout, string purpose, bool withTime)
    {
        SqlScript script = Script(run, clicks, count, holdout, purpose).With("time", new SqlArgument.Expression(withTime ? ", event_time" : ""));
        return new LogSplit(
            run.Engine.Sql(script.With("held_out", 0), ("clicks", clicks)), run.Engine.Sql(script.With("held_out", 1), ("clicks", clicks)));
    }

    /// <summary>Swing over a part.</summary>
    /// <param name="run">Engine and options.</param>
    /// <param name="clicks">The part.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="source">The log's path, for messages.</param>
    /// <param name="option">The option that made the part, for messages: <c>evaluate.holdout=users:0.1</c>.</param>
    /// <exception cref="OneRecException">
    /// The part has no interaction that Swing can use (exit 3), or is too much work for Swing (exit 2).
    /// </exception>
    public static IMaterializedRelation Similar(IWork run, IRelation clicks, string name, string source, string option)
    {
        using ClickSimilarity similarity = ClickSimilarity.Prepare(run, clicks) ?? throw OneRecException.Input(
            option.Split('=')[0],
            $"{option}: the {name} of {source} has no interaction that swing can use; set another share, or {option.Split('=')[0]}=none");
        similarity.CheckWork(similarity.Work(), name + ": ");
        return run.Engine.Materialize(similarity.Rows());
    }

    private static SqlScript Script(IWork run, IRelation clicks, long count, Holdout holdout, string purpose)
    {
        if (holdout.By == HoldoutBy.Users)
        {
            return SqlScript.Load(typeof(LogSplit), "holdout_users.sql")
                .With("user_hash", OrderHash.Of(run.Options.Seed, purpose, "user_id"))
                .With("below", holdout.HashBelow());
        }

        SqlScript script = SqlScript.Load(typeof(LogSplit), "holdout_cut.sql").With("earlier", holdout.Earlier(count));
        long cut = (long)RowReader.Read(run.Engine.Collect(run.Engine.Sql(script, ("clicks", clicks))))[0][0]!;
        run.Report(string.Create(
            CultureInfo.InvariantCulture, $"held out: interactions after {DateTime.UnixEpoch.AddMicroseconds(cut):yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'}"));
        return SqlScript.Load(typeof(LogSplit), "holdout_times.sql").With("cut", cut);
    }
}
