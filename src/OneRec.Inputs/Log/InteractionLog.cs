using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;

namespace OneRec.Inputs.Log;

/// <summary>The positive interactions of the log, read once for all steps of a run.</summary>
public sealed class InteractionLog : IDisposable
{
    private readonly IQueryEngine _engine;
    private readonly InputOptions _input;
    private readonly IMaterializedRelation _kept;
    private readonly IRelation _log;
    private readonly LogLayout _layout;
    private readonly Lazy<(long Rows, long Bad, long BadTimed)> _counts;
    private readonly Lazy<LogClicks> _clicks;
    private readonly Lazy<LogClicks> _timed;

    private InteractionLog(
        IQueryEngine engine, InputOptions input, InputSource source, LogLayout layout, IMaterializedRelation kept, IRelation log)
    {
        _engine = engine;
        _input = input;
        _layout = layout;
        _kept = kept;
        _log = log;
        Origin = source;
        _counts = new(CountAll);
        _clicks = new(() => ReadClicks(withTimes: false));
        _timed = new(() => ReadClicks(withTimes: true));
    }

    /// <summary>The interactions for steps that do not read times. Rows with an invalid time are included; <c>event_time</c> is 0.</summary>
    /// <exception cref="OneRecException">Exit 3: the first bad row, or no interaction is left.</exception>
    public LogClicks Clicks => _clicks.Value;

    /// <summary>
    /// The interactions for steps that read times. Rows with an invalid time are bad rows. <c>event_time</c> is 0 where
    /// <c>input.columns.time</c> is null.
    /// </summary>
    /// <exception cref="OneRecException">Exit 3: there is no such column, the first bad row, or no interaction is left.</exception>
    public LogClicks TimedClicks => _timed.Value;

    /// <summary>The path, for messages.</summary>
    public string Source => Origin.Files.Root;

    /// <summary>Notes for the user about the columns' types; one line each.</summary>
    public IReadOnlyList<string> Notices => _layout.Notices;

    /// <summary>The files, without partitions that the options exclude.</summary>
    internal InputSource Origin { get; }

    /// <summary>The log's version as an input of a plan.</summary>
    /// <param name="store">The file systems and catalogs of the engine.</param>
    /// <param name="input">Section <c>input</c>.</param>
    /// <exception cref="OneRecException">The path is not set, or does not exist.</exception>
    public static string Version(IInputStore store, InputOptions input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return InputVersion.Of(Files(store, input), input.Hash);
    }

    /// <summary>The options that select rows, as parameters of a plan.</summary>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="needsTime">Whether the step reads times; otherwise they are read only for <c>input.from</c> and <c>input.to</c>.</param>
    public static JsonObject Parameters(InputOptions input, bool needsTime)
    {
        ArgumentNullException.ThrowIfNull(input);
        bool time = needsTime || input.From is not null || input.To is not null;
        var parameters = new JsonObject
        {
            ["user"] = input.Columns.User,
            ["item"] = input.Columns.Item,
            ["time"] = time ? input.Columns.Time : null,
            ["timeUnit"] = time ? input.TimeUnit?.ToString() : null,
            ["from"] = input.From,
            ["to"] = input.To,
            ["where"] = input.Where,
            ["multiLine"] = input.Csv.Interactions.MultiLine ?? input.Csv.MultiLine ?? false,
            ["types"] = InputPlan.Types(input),
        };
        input.Csv.AddTo(parameters, input.Csv.Interactions);
        InputPlan.AddBadRows(parameters, input);
        return parameters;
    }

    /// <summary>Why a job has no log to read; null if it has one. Ready-made embeddings get IDs without a log.</summary>
    public static string? WhyMissing(InputOptions input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Interactions is null ? "input.interactions is not set" : null;
    }

    /// <summary>Checks the log's files, columns and first rows.</summary>
    /// <param name="store">The file systems and catalogs of the engine.</param>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="needsTime">Whether the step reads times.</param>
    /// <param name="catalogue">Gives the item ids whose type those of the log must have, asked once the log is known to be good; null: any type.</param>
    /// <exception cref="OneRecException">
    /// Exit 3, naming the file: a missing file or column, no rows, or item ids of another type by the first rows.
    /// </exception>
    public static void Require(IInputStore store, InputOptions input, bool needsTime, Func<ItemIds?>? catalogue = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        (InputSource source, LogLayout layout) = Inspect(store, input);
        if (needsTime && layout.TimeError is { } error)
        {
            throw error;
        }

        if (catalogue?.Invoke() is { } others)
        {
            ItemIds.RequireAlike(ItemIds.Of(source, input.Columns.Item), others);
        }
    }

    /// <summary>Reads the log.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="cancellation">Checked before the files are read.</param>
    /// <exception cref="OneRecException">
    /// Exit 3, naming the file: a missing or unreadable file, or a missing column.
    /// Exit 2: <c>input.where</c> is not a predicate over the log's columns.
    /// </exception>
    public static InteractionLog Open(IQueryEngine engine, InputOptions input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(input);
        (InputSource whole, LogLayout layout) = Inspect(engine.Inputs, input);
        InputSource source = Prune(engine, whole, layout, input);
        cancellation.ThrowIfCancellationRequested();

        // Pruning changed the files, so the layout is built again over the same columns.
        layout = ReferenceEquals(source, whole) ? layout : LogLayout.Of(source, input);
        SqlScript script = layout.Script(From(input), To(input));
        return WrapSqlErrors(input, source, () =>
        {
            IMaterializedRelation kept = layout.Read.Materialize(engine, rows => layout.TakesAllRows ? rows : engine.Sql(script, ("log", rows)));
            return new InteractionLog(
                engine, input, source, layout, kept, layout.TakesAllRows ? engine.Sql(script, ("log", kept)) : kept);
        });
    }

    /// <summary>Counts all rows of the source.</summary>
    public long CountSource() => _layout.TakesAllRows ? _counts.Value.Rows : Origin.CountRows(_engine);

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    private static (InputSource Source, LogLayout Layout) Inspect(IInputStore store, InputOptions input)
    {
        InputSource source = InputSource.Open(Files(store, input), input.Csv.Format(input.Csv.Interactions, multiLine: false), input.Types);
        if (!source.HasRows)
        {
            // Without rows there are no types to check input.where against.
            throw OneRecException.Input("input.empty", $"{source.Files.Root} has no interactions");
        }

        return (source, LogLayout.Of(source, input));
    }

    private static InputFiles Files(IInputStore store, InputOptions input) => InputFiles.OpenAll(store, "input.interactions", input.Interactions);

    private static InputSource Prune(IQueryEngine engine, InputSource source, LogLayout layout, InputOptions input)
    {
        (string, InputTimeUnit, long, long)? time = layout.Time is { } t && (input.From ?? input.To) is not null
            ? (t.Column, t.Unit, From(input), To(input))
            : null;
        InputSource pruned = WrapSqlErrors(input, source, () => PartitionPruning.Prune(engine, source, input.Where, time));
        return pruned.Partitions.Count > 0 || source.Partitions.Count == 0
            ? pruned
            : throw OneRecException.Input("input.empty", Empty(source.Files.Root, input, 0));
    }

    private static T WrapSqlErrors<T>(InputOptions input, InputSource source, Func<T> read) =>
        input.Where is null ? read() : UserSqlErrors.Explained(
            "input.where", "input.where", source.Columns, () => source.StrayNotice([input.Where]), read);

    private static long From(InputOptions input) => Bound(input.From, TimeLimits.LowestMicros);

    private static long To(InputOptions input) => Bound(input.To, TimeLimits.HighestMicros + 1);

    private static long Bound(string? text, long defaultValue) =>
        text is not null && InputTime.TryParse(text, out DateTimeOffset time) ? InputTime.Micros(time) : defaultValue;

    private static string Empty(string path, InputOptions input, int badRows)
    {
        string[] filters = [.. new[] { ("input.where", input.Where), ("input.from", input.From), ("input.to", input.To) }
            .Where(f => f.Item2 is not null)
            .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Item1} ({f.Item2})"))];
        string quarantined = badRows == 0 ? "" : $"; {badRows} rows cannot be parsed";
        return filters.Length == 0
            ? $"{path} has no interactions{quarantined}"
            : $"{path} has no interactions that pass {string.Join(" and ", filters)}{quarantined}";
    }

    private LogClicks ReadClicks(bool withTimes)
    {
        if (withTimes && _layout.TimeError is { } error)
        {
            throw error;
        }

        string flag = withTimes ? "bad_timed" : "bad";
        (long rows, long bad, long badTimed) = _counts.Value;
        long badRows = withTimes ? badTimed : bad;
        var list = new BadRowList(Source);
        _layout.Read.ResolveBadRows(_engine, _log, flag, withTimes ? 3 : 2, badRows, _input.BadRows, list);
        if (rows == badRows)
        {
            throw OneRecException.Input("input.empty", Empty(Source, _input, list.Rows.Count));
        }

        string time = withTimes && _layout.Time is not null ? "event_time" : _layout.HasTimeRange ? "coalesce(event_time, 0)" : "CAST(0 AS BIGINT)";
        IRelation clicks = _engine.Sql(
            SqlScript.Load(typeof(InteractionLog), "log_clicks.sql")
                .With("time", new SqlArgument.Expression(time))
                .With("flag", new SqlArgument.Expression(flag)),
            ("log", _log));
        return new LogClicks(clicks, rows - badRows, list.Rows, Source, _layout.DescribeTypes(withTimes))
        {
            ItemIds = ItemIds.Of(Origin, _input.Columns.Item),
            HasTimes = withTimes && _layout.Time is not null,
        };
    }

    private (long Rows, long Bad, long BadTimed) CountAll()
    {
        object?[] counts = RowReader.Read(_engine.Collect(
            _engine.Sql(SqlScript.Load(typeof(InteractionLog), "log_counts.sql"), ("log", _log))))[0];
        return ((long)counts[0]!, (long)counts[1]!, (long)counts[2]!);
    }
}
