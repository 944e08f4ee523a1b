using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;

namespace OneRec.Inputs.Log;

/// <summary>The positive interactions of the log, read once and checked.</summary>
/// <remarks>Repeated clicks are there as often as the log has them.</remarks>
public sealed class InteractionLog : IDisposable
{
    private readonly IKeptRelation _kept;

    private InteractionLog(IKeptRelation kept, IRelation clicks, InputSource source, LogLayout layout, long count, BadRowList bad)
    {
        _kept = kept;
        Clicks = clicks;
        Origin = source;
        Layout = layout;
        Count = count;
        BadRows = bad.Rows;
    }

    /// <summary>
    /// <c>user_id</c> and <c>item_id</c> (each BIGINT or STRING), <c>event_time</c> BIGINT microseconds since 1970 (0 where
    /// the step reads no times); no nulls.
    /// </summary>
    public IRelation Clicks { get; }

    /// <summary>Number of interactions, repeated ones included; at least 1.</summary>
    public long Count { get; }

    /// <summary>Rows that were left out because they do not parse; none where that is an error.</summary>
    public IReadOnlyList<BadRow> BadRows { get; }

    /// <summary>The path, for messages.</summary>
    public string Source => Origin.Files.Root;

    /// <summary>The columns read with their types: what <c>runs</c> keeps.</summary>
    public string Types => Layout.Types;

    /// <summary>The files, without partitions that the options leave out.</summary>
    internal InputSource Origin { get; }

    /// <summary>How they were read.</summary>
    internal LogLayout Layout { get; }

    /// <summary>The log's version as an input of a plan.</summary>
    /// <exception cref="OneRecException">It is not set, or not there.</exception>
    public static string Version(InputOptions input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return InputVersion.Of(Files(input), input.Hash);
    }

    /// <summary>The options that say which rows are read, as parameters of a plan.</summary>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="needsTime">As for <see cref="Open"/>.</param>
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
            ["multiLine"] = input.Csv.MultiLine ?? false,
            ["types"] = InputPlan.Types(input),
        };
        InputPlan.AddBadRows(parameters, input);
        return parameters;
    }

    /// <summary>Why a job has no log to read; null where it has one. A catalogue of ready-made embeddings needs none to get IDs.</summary>
    public static string? WhyNone(InputOptions input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Interactions is null ? "input.interactions is not set" : null;
    }

    /// <summary>Looks at the log's files, columns and first rows.</summary>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="needsTime">As for <see cref="Open"/>.</param>
    /// <exception cref="OneRecException">Exit 3, naming the file: a missing file or column, no row.</exception>
    public static void Require(InputOptions input, bool needsTime)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ = Look(input, needsTime);
    }

    /// <summary>Reads the log.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="needsTime">Whether the step reads times; else they are looked at only for <c>input.from</c> and <c>input.to</c>.</param>
    /// <exception cref="OneRecException">
    /// Exit 3, naming the file: a missing file or column, a row that does not parse (the first), no interaction left.
    /// Exit 2: <c>input.where</c> is no predicate over the log's columns.
    /// </exception>
    public static InteractionLog Open(IQueryEngine engine, InputOptions input, bool needsTime)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(input);
        (InputSource whole, LogLayout layout) = Look(input, needsTime);
        InputSource source = Pruned(engine, whole, layout, input);
        var bad = new BadRowList(source.Files.Root);
        IKeptRelation kept = Read(engine, source, layout, input, bad);
        try
        {
            object?[] counts = RowReader.Read(engine.Collect(
                engine.Sql(SqlScript.Load(typeof(InteractionLog), "log_counts.sql"), ("log", kept))))[0];
            long badRows = (long)counts[1]!;
            new BadRowFinder(engine, source, layout.Check).Settle(kept, badRows, input.BadRows, bad);
            if (kept.Rows == badRows)
            {
                throw OneRecException.Input("input.empty", Empty(source.Files.Root, input, bad.Rows.Count));
            }

            IRelation clicks = engine.Sql(SqlScript.Load(typeof(InteractionLog), "log_clicks.sql"), ("log", kept));
            return new InteractionLog(kept, clicks, source, layout, kept.Rows - badRows, bad);
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    private static (InputSource Source, LogLayout Layout) Look(InputOptions input, bool needsTime)
    {
        InputSource source = InputSource.Open(Files(input), input.Csv.MultiLine ?? false, input.Types);
        if (!source.HasRows)
        {
            // Without a row there are no types that input.where could be checked against.
            throw OneRecException.Input("input.empty", $"{source.Files.Root} has no interactions");
        }

        return (source, LogLayout.Of(source, input, needsTime));
    }

    private static InputFiles Files(InputOptions input) => InputFiles.Open("input.interactions", input.Interactions);

    private static InputSource Pruned(IQueryEngine engine, InputSource source, LogLayout layout, InputOptions input)
    {
        (string, InputTimeUnit, long, long)? time = layout.Time is { } t && (input.From ?? input.To) is not null
            ? (t.Column, t.Unit, From(input), To(input))
            : null;
        InputSource pruned = Guarded(input, () => PartitionPruning.Prune(engine, source, input.Where, time));
        return pruned.Partitions.Count > 0 || source.Partitions.Count == 0
            ? pruned
            : throw OneRecException.Input("input.empty", Empty(source.Files.Root, input, 0));
    }

    private static IKeptRelation Read(
        IQueryEngine engine, InputSource source, LogLayout layout, InputOptions input, BadRowList bad)
    {
        SqlScript script = layout.Script(From(input), To(input));
        return Guarded(input, () => InputReading.Keep(
            engine,
            source,
            input.BadRows == Options.BadRows.Fail ? null : bad,
            rows => engine.Sql(script, ("log", rows))));
    }

    private static T Guarded<T>(InputOptions input, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (OneRecException e) when (e.Code is "sql.invalid" or "spark.sql" && input.Where is not null)
        {
            throw OneRecException.Configuration("input.where", $"input.where: {e.Message}", e);
        }
    }

    private static long From(InputOptions input) => Bound(input.From, TimeLimits.LowestMicros);

    private static long To(InputOptions input) => Bound(input.To, TimeLimits.HighestMicros + 1);

    private static long Bound(string? text, long otherwise) =>
        text is not null && InputTime.TryParse(text, out DateTimeOffset time) ? InputTime.Micros(time) : otherwise;

    private static string Empty(string path, InputOptions input, int badRows)
    {
        string[] filters = [.. new[] { ("input.where", input.Where), ("input.from", input.From), ("input.to", input.To) }
            .Where(f => f.Item2 is not null)
            .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Item1} ({f.Item2})"))];
        string quarantined = badRows == 0 ? "" : $"; {badRows} rows do not parse";
        return filters.Length == 0
            ? $"{path} has no interactions{quarantined}"
            : $"{path} has no interactions that pass {string.Join(" and ", filters)}{quarantined}";
    }
}
