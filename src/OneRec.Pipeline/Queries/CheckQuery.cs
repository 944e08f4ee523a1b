using System.Globalization;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Inputs;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries;

/// <summary>A look at the inputs without a run: reads them as the steps would, opens the models, writes nothing.</summary>
public static class CheckQuery
{
    /// <summary>What is there, in the order of the steps.</summary>
    /// <exception cref="OneRecException">The first thing that a run would stop at.</exception>
    public static IReadOnlyList<Fact> Run(
        IEngine engine,
        OneRecOptions options,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        var context = new StepContext(engine, options, "check", clock, new QuietObserver(), cancellation);
        var facts = new List<Fact>
        {
            new("engine", engine.Name),
            new("threads", Number(options.ThreadCount())),
            new("memory limit", MemorySize.Format(options.MemoryBytes())),
            new("tables", options.Tables),
        };
        if (options.Input.Items is not null)
        {
            facts.AddRange(OfCatalogue(context));
        }

        if (options.Input.Interactions is not null)
        {
            facts.AddRange(OfLog(context));
        }

        if (options.Embed.Inputs.Count > 0)
        {
            facts.Add(new Fact("model", EmbedStep.ModelId(options.Embed)));
        }

        if (options.Input.Tokens is not null)
        {
            VectorFiles tokens = VectorFiles.Open(options.Input.Tokens, clock);
            facts.Add(new Fact("vectors", $"column '{tokens.Source.Column}' in {tokens.Source.Files.Count} file(s)"));
        }

        Codebook? published = CodebookChoice.Published(engine);
        facts.Add(new Fact("published", published is null ? "nothing yet" : $"codebook {published.CodebookId}"));
        return facts;
    }

    private static IEnumerable<Fact> OfCatalogue(StepContext context)
    {
        using var catalogue = Catalogue.Open(context);
        IRelation coverage = context.Engine.Sql(SqlScript.Load("check_items.sql"), ("items", catalogue.Items));
        object?[] row = Rows.Read(context.Engine.Collect(coverage))[0];
        string[] fields = ["title", "caption", "tags", "asr", "ocr"];
        yield return new Fact("catalogue", catalogue.Source);
        yield return new Fact("items", $"{Number((long)row[0]!)} (ids {(catalogue.IdType is Int64Type ? "BIGINT" : "STRING")})");
        yield return new Fact("with text", string.Join(", ", fields.Select((f, i) => $"{f} {Share((long)row[i + 1]!, (long)row[0]!)}")));
        yield return new Fact("taken down", Number((long)row[6]!));
    }

    private static IEnumerable<Fact> OfLog(StepContext context)
    {
        using var log = InteractionLog.Open(context, needsTime: true);
        object?[] row = Rows.Read(context.Engine.Collect(
            context.Engine.Sql(SqlScript.Load("check_log.sql"), ("clicks", log.Clicks))))[0];
        yield return new Fact("log", log.Source);
        yield return new Fact("positive interactions", Number(log.Count));
        yield return new Fact("distinct (user, item)", $"{Number((long)row[2]!)} ({Number(log.Count - (long)row[2]!)} repeated)");
        yield return new Fact("users", Number((long)row[0]!));
        yield return new Fact("items clicked", Number((long)row[1]!));
        yield return new Fact("times", $"{Time((long)row[3]!)} to {Time((long)row[4]!)} UTC");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(long part, long whole) =>
        whole == 0 ? "0 %" : (100.0 * part / whole).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    private static string Time(long micros) =>
        DateTimeOffset.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
