using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;
using OneRec.Inputs.Log;
using OneRec.Inputs.Sources;
using OneRec.Inputs.Vectors;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries;

/// <summary>A look at the inputs without a run: reads them as the steps would, opens the models, writes nothing.</summary>
public static class CheckQuery
{
    /// <summary>What is there, in the order of the steps, and what a run would take.</summary>
    /// <exception cref="OneRecException">The first thing that a run would stop at.</exception>
    public static IReadOnlyList<CheckFact> Run(
        IEngine engine,
        OneRecOptions options,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        var context = new StepContext(engine, options, "check", clock, new QuietObserver(), cancellation);
        var all = new List<CheckFact>();
        var run = new CheckFacts("run", all);
        run.Text("engine", engine.Name);
        run.Count("threads", options.ThreadCount());
        run.Bytes("memory_limit", options.MemoryBytes());
        run.Text("tables", options.Tables);
        Codebook? published = CodebookChoice.Published(engine);
        run.Text("published", published is null ? "nothing yet" : $"codebook {published.CodebookId}");
        var estimate = new CheckEstimate(options);
        using ItemCatalogue? catalogue = options.Input.Items is null ? null : ItemCatalogue.Open(engine, options.Input, options.Section<IngestOptions>().Version);
        if (catalogue is not null)
        {
            OfCatalogue(context, catalogue, new CheckFacts("catalogue", all), estimate);
        }

        if (options.Input.Interactions is not null)
        {
            OfLog(context, catalogue, new CheckFacts("log", all), estimate);
        }

        var vectors = new CheckFacts("vectors", all);
        if (options.Section<EmbedOptions>().Inputs.Count > 0)
        {
            vectors.Text("model", EmbedStep.ModelId(options.Section<EmbedOptions>()));
        }

        if (options.Input.Tokens is not null)
        {
            VectorInput tokens = VectorInput.Open(options.Input.Tokens, clock);
            vectors.Text("column", tokens.Source.Column);
            vectors.Count("files", tokens.Source.Files.Count);
        }

        if (options.Input.Images is not null)
        {
            ItemImages images = ItemImages.Open(options.Input);
            var facts = new CheckFacts("images", all);
            Files(images.Source, facts, out _);
            facts.Text("given", images.ByPath ? "as paths" : "as bytes");
        }

        var told = new CheckFacts("estimate", all);
        estimate.Tell(told);
        if (estimate.Problem() is { } problem)
        {
            told.Text("problem", problem);
        }

        return all;
    }

    private static void OfCatalogue(StepContext context, ItemCatalogue catalogue, CheckFacts facts, CheckEstimate estimate)
    {
        Files(catalogue.Origin, facts, out long bytes);
        facts.Text("types", catalogue.Types);
        facts.Count("items", catalogue.Count);
        facts.Text("id_type", catalogue.IdType is Int64Type ? "BIGINT" : "STRING");
        facts.Count("duplicates", catalogue.Superseded);
        facts.Count("bad_rows", catalogue.BadRows.Count);
        object?[] row = One(context.Engine, "check_items.sql", ("items", catalogue.Items));
        string[] fields = ["title", "caption", "tags", "asr", "ocr"];
        for (int f = 0; f < fields.Length; f++)
        {
            facts.Share($"with_{fields[f]}", (long)row[f + 1]!, (long)row[0]!);
        }

        facts.Share("without_text", (long)row[7]!, (long)row[0]!);
        facts.Share("taken_down", (long)row[6]!, (long)row[0]!);
        ItemIdType.Require(context.Engine.Tables.State("items"), catalogue.IdType, catalogue.Source);
        (estimate.Items, estimate.CatalogueBytes) = (catalogue.Count, bytes);
    }

    private static void OfLog(StepContext context, ItemCatalogue? catalogue, CheckFacts facts, CheckEstimate estimate)
    {
        IEngine engine = context.Engine;
        using InteractionLog opened = InteractionLog.Open(engine, context.Options.Input, context.Cancellation);
        LogClicks log = opened.TimedClicks;
        RequireOneIdType(log, catalogue);
        Files(opened.Origin, facts, out _);
        facts.Text("types", log.Types);
        long rows = opened.CountSource();
        object?[] row = One(engine, "check_log.sql", ("clicks", log.Rows));
        (long users, long items, long pairs) = ((long)row[0]!, (long)row[1]!, (long)row[2]!);
        facts.Count("rows", rows);
        facts.Share("positive", log.Count, rows);
        facts.Count("bad_rows", log.BadRows.Count);
        facts.Count("users", users);
        facts.Count("items", items);
        facts.Count("distinct_pairs", pairs);
        facts.Share("repeated", log.Count - pairs, log.Count);
        facts.Time("first_time", (long)row[3]!);
        facts.Time("last_time", (long)row[4]!);
        if (catalogue is not null)
        {
            long known = (long)One(engine, "check_known.sql", ("clicks", log.Rows), ("items", catalogue.Items))[0]!;
            facts.Share("in_catalogue", known, log.Count);
        }

        (estimate.LogRows, estimate.Edges, estimate.Users) = (rows, pairs, users);
        estimate.Swing = new SwingWork(
            [.. RowReader.Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(CheckQuery), "check_degrees.sql"), ("clicks", log.Rows))))
                .Select(r => ((long)r[0]!, (long)r[1]!))],
            [],
            users);
    }

    private static void RequireOneIdType(LogClicks log, ItemCatalogue? catalogue)
    {
        IArrowType there = log.Rows.Schema.GetFieldByName("item_id").DataType;
        if (catalogue is not null && there.TypeId != catalogue.IdType.TypeId)
        {
            throw ItemIdType.Differ(there, log.Source, catalogue.IdType, catalogue.Source);
        }
    }

    private static void Files(InputSource source, CheckFacts facts, out long bytes)
    {
        bytes = source.Files.Files.Sum(f => new FileInfo(f).Length);
        facts.Text("path", source.Files.Root);
        facts.Text("format", source.Files.Format.ToString().ToLowerInvariant());
        if (source.Files.Format == InputFormat.Delta)
        {
            bytes = ((DeltaInput)source).Bytes;
            facts.Count("version", ((DeltaInput)source).Version);
        }
        else
        {
            facts.Count("files", source.Files.Files.Count);
        }

        facts.Bytes("bytes", bytes);
    }

    private static object?[] One(IEngine engine, string file, params ReadOnlySpan<(string, IRelation)> inputs) =>
        RowReader.Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(CheckQuery), file), inputs)))[0];
}
