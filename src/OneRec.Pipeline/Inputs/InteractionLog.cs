using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Inputs;

/// <summary>The positive interactions of the log, read once and checked.</summary>
/// <remarks>Repeated clicks are there as often as the log has them.</remarks>
public sealed class InteractionLog : IDisposable
{
    private readonly IKeptRelation _kept;

    private InteractionLog(IKeptRelation kept, IRelation clicks, string source)
    {
        _kept = kept;
        Clicks = clicks;
        Source = source;
    }

    /// <summary>
    /// <c>user_id</c> and <c>item_id</c> (each BIGINT or STRING), <c>event_time</c> BIGINT microseconds since 1970 (0 where
    /// the step reads no times); no nulls.
    /// </summary>
    public IRelation Clicks { get; }

    /// <summary>Number of interactions, repeated ones included; at least 1.</summary>
    public long Count => _kept.Rows;

    /// <summary>The path, for messages.</summary>
    public string Source { get; }

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
        return new JsonObject
        {
            ["user"] = input.Columns.User,
            ["item"] = input.Columns.Item,
            ["time"] = time ? input.Columns.Time : null,
            ["timeUnit"] = time ? input.TimeUnit?.ToString() : null,
            ["from"] = input.From,
            ["to"] = input.To,
            ["where"] = input.Where,
            ["multiLine"] = input.Csv.MultiLine ?? false,
            ["types"] = new JsonObject(input.Types.Select(
                t => KeyValuePair.Create<string, JsonNode?>(t.Key, CsvSource.Name(t.Value)))),
        };
    }

    /// <summary>Reads the log.</summary>
    /// <param name="context">Engine and options.</param>
    /// <param name="needsTime">Whether the step reads times; else they are looked at only for <c>input.from</c> and <c>input.to</c>.</param>
    /// <exception cref="OneRecException">
    /// Exit 3, naming the file: a missing file or column, a row that does not parse (the first), no interaction left.
    /// Exit 2: <c>input.where</c> is no predicate over the log's columns.
    /// </exception>
    public static InteractionLog Open(StepContext context, bool needsTime)
    {
        ArgumentNullException.ThrowIfNull(context);
        InputOptions input = context.Options.Input;
        CsvSource source = CsvSource.Open(Files(input), input.Csv.MultiLine ?? false, input.Types);
        if (!source.HasRows)
        {
            // Without a row there are no types that input.where could be checked against.
            throw OneRecException.Input("input.empty", $"{source.Files.Root} has no interactions");
        }

        var layout = LogLayout.Of(source, input, needsTime);
        IKeptRelation kept = Read(context.Engine, source, layout, input);
        try
        {
            object?[] counts = Rows.Read(context.Engine.Collect(
                context.Engine.Sql(SqlScript.Load("log_counts.sql"), ("log", kept))))[0];
            if ((long)counts[1]! > 0)
            {
                throw LogBadRow.Find(context.Engine, kept, source, layout, (long)counts[1]!);
            }

            if (kept.Rows == 0)
            {
                throw OneRecException.Input("input.empty", Empty(source.Files.Root, input));
            }

            IRelation clicks = context.Engine.Sql(SqlScript.Load("log_clicks.sql"), ("log", kept));
            return new InteractionLog(kept, clicks, source.Files.Root);
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    private static InputFiles Files(InputOptions input) => InputFiles.Csv("input.interactions", input.Interactions);

    private static IKeptRelation Read(IEngine engine, CsvSource source, LogLayout layout, InputOptions input)
    {
        SqlScript script = layout.Columns.Into(SqlScript.Load("read_log.sql"), "columns");
        script = layout.Where.Into(script, "where")
            .With("from", Bound(input.From, TimeLimits.LowestMicros))
            .With("to", Bound(input.To, TimeLimits.HighestMicros + 1));
        try
        {
            return engine.Keep(engine.Sql(script, ("log", engine.ReadText(source.Text))));
        }
        catch (OneRecException e) when (e.Kind == ErrorKind.Input)
        {
            // The engine's own words for a malformed record differ; ours name file and row.
            throw CsvCheck.FirstMalformed(source) ?? e;
        }
        catch (OneRecException e) when (e.Code == "sql.invalid" && input.Where is not null)
        {
            throw OneRecException.Configuration("input.where", $"input.where: {e.Message}", e);
        }
    }

    private static long Bound(string? text, long otherwise) =>
        text is not null && InputTime.TryParse(text, out DateTimeOffset time) ? InputTime.Micros(time) : otherwise;

    private static string Empty(string path, InputOptions input)
    {
        string[] filters = [.. new[] { ("input.where", input.Where), ("input.from", input.From), ("input.to", input.To) }
            .Where(f => f.Item2 is not null)
            .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Item1} ({f.Item2})"))];
        return filters.Length == 0
            ? $"{path} has no interactions"
            : $"{path} has no interactions that pass {string.Join(" and ", filters)}";
    }
}
