using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Files;
using OneRec.Inputs.Log;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;
using OneRec.Inputs.Vectors;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries;

/// <summary>Checks the inputs without a run: reads them like the steps do, opens the models, writes no table.</summary>
public static class CheckQuery
{
    /// <summary>Facts about the inputs, in the order of the steps, and estimates for a run.</summary>
    /// <param name="engine">The engine that checks.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="steps">The steps of a run.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <param name="runsOn">
    /// The engine that runs the steps; null: the one that checks. If it is another one, inputs that only that one reads are
    /// reported as not checked.
    /// </param>
    /// <exception cref="OneRecException">The first error that would end a run.</exception>
    public static IReadOnlyList<CheckFact> Run(
        IEngine engine,
        OneRecOptions options,
        StepCatalogue steps,
        TimeProvider clock,
        CancellationToken cancellation,
        string? runsOn = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(steps);
        var all = new List<CheckFact>();
        var run = new CheckFacts("run", all);
        run.Text("engine", engine.Name);
        run.Count("threads", options.ThreadCount());
        run.Bytes("memory_limit", options.MemoryBytes());
        run.Text("tables", options.Tables);
        Codebook? published = CodebookChoice.Published(engine);
        run.Text("published", published is null ? "nothing yet" : $"codebook {published.CodebookId}");
        IReadOnlyList<string> notChecked = [];
        if (runsOn is not null && runsOn != engine.Name)
        {
            (options, notChecked) = UncheckedInputs.Leave(engine.Inputs, options, runsOn, all);
        }

        var counts = new InputCounts();
        using ItemCatalogue? catalogue = options.Input.Items is null ? null : ItemCatalogue.Open(engine, options.Input, options.Section<IngestOptions>().Version, clock);
        if (catalogue is not null)
        {
            counts = CheckCatalogue(engine, catalogue, new CheckFacts("catalogue", all), counts);
        }

        if (options.Input.Interactions is not null)
        {
            counts = CheckLog(engine, options, catalogue, new CheckFacts("log", all), counts, clock, cancellation);
        }

        var vectors = new CheckFacts("vectors", all);
        if (options.Section<EmbedOptions>().Inputs.Count > 0)
        {
            var planning = new PlanContext(engine, options, clock, cancellation);
            vectors.Text("model", EmbedModel.IsMadeByRun(planning) ? "made by align" : EmbedModel.Of(planning).Id);
        }

        if (options.Input.Tokens is not null)
        {
            VectorInput tokens = VectorInput.Open(engine.Inputs, options.Input, clock);
            tokens.RequireNoBombs();
            vectors.Text("column", tokens.Source.Column);
            vectors.Count("files", tokens.Source.Files.Count);
            FilesNotRead(tokens.Files, vectors);
            vectors.Text("changes_seen_by", options.Input.TokensVersion is null ? "hashing all vectors" : "input.tokensVersion");
            if (catalogue is not null && options.Section<EmbedOptions>().Inputs.Any(i => i is TokensInput))
            {
                CheckVectors.Add(engine, catalogue, tokens.Source, options.Input, vectors);
            }
        }

        if (options.Input.Images is not null)
        {
            ItemImages images = ItemImages.Open(engine.Inputs, options.Input);
            var facts = new CheckFacts("images", all);
            Files(images.Source, facts, out _);
            facts.Text("given", images.ByPath ? "as paths" : "as bytes");
            facts.Text(
                "changes_seen_by",
                options.Input.ImagesVersion is not null ? "input.imagesVersion" : images.ByPath ? "positions and paths" : "hashing all images");
        }

        var context = new PlanContext(engine, options, clock, cancellation);
        LostPublication.Refuse(context, new RunsLog(engine), steps.Job);
        if (catalogue is not null)
        {
            // As a whole run does before its first step; without a catalogue there is none to check.
            context.RequireInputs(steps.Job.Where(s => !s.Description.Inputs.Intersect(notChecked).Any()));
        }

        CheckEstimate.Add(new CheckFacts("estimate", all), steps.Job, counts, context);
        return all;
    }

    private static InputCounts CheckCatalogue(IEngine engine, ItemCatalogue catalogue, CheckFacts facts, InputCounts counts)
    {
        Files(catalogue.Origin, facts, out long bytes);
        facts.Text("types", catalogue.Types);
        Notices(catalogue.Notices, catalogue.Origin.Files, facts);
        facts.Count("items", catalogue.Count);
        facts.Text("id_type", catalogue.IdType is Int64Type ? "BIGINT" : "STRING");
        facts.Count("duplicates", catalogue.Superseded);
        facts.Count("bad_rows", catalogue.BadRows.Count);
        object?[] row = One(engine, "check_items.sql", ("items", catalogue.Items));
        string[] fields = ["title", "caption", "tags", "asr", "ocr"];
        for (int f = 0; f < fields.Length; f++)
        {
            facts.Share($"with_{fields[f]}", (long)row[f + 1]!, (long)row[0]!);
        }

        facts.Share("without_text", (long)row[7]!, (long)row[0]!);
        facts.Share("deleted", (long)row[6]!, (long)row[0]!);
        ItemIds.RequireAlike(catalogue.ItemIds, engine.Tables.State("items"));
        return counts with { Items = catalogue.Count, CatalogueBytes = bytes };
    }

    private static InputCounts CheckLog(
        IEngine engine,
        OneRecOptions options,
        ItemCatalogue? catalogue,
        CheckFacts facts,
        InputCounts counts,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        using InteractionLog opened = InteractionLog.Open(engine, options.Input, cancellation);
        LogClicks log = opened.TimedClicks;
        if (catalogue is not null)
        {
            ItemIds.RequireAlike(log.ItemIds, catalogue.ItemIds);
        }

        Files(opened.Origin, facts, out _);
        facts.Text("types", log.Types);
        Notices(opened.Notices, opened.Origin.Files, facts);
        long rows = opened.CountSource();
        object?[] row = One(
            engine,
            SqlScript.Load(typeof(CheckQuery), "check_log.sql").With("tomorrow", InputTime.Micros(clock.GetUtcNow().AddDays(1))),
            ("clicks", log.Rows));
        (long users, long items, long pairs) = ((long)row[0]!, (long)row[1]!, (long)row[2]!);
        facts.Count("rows", rows);
        facts.Share("positive", log.Count, rows);
        facts.Count("bad_rows", log.BadRows.Count);
        facts.Count("users", users);
        facts.Count("items", items);
        facts.Count("distinct_pairs", pairs);
        facts.Share("repeated", log.Count - pairs, log.Count);
        if (log.HasTimes)
        {
            facts.Time("first_time", (long)row[3]!);
            facts.Time("last_time", (long)row[4]!);
            CheckTimes(facts, log.Count, (long)row[5]!, (long)row[6]!);
        }

        if (catalogue is not null)
        {
            long known = (long)One(engine, "check_known.sql", ("clicks", log.Rows), ("items", catalogue.Items))[0]!;
            facts.Share("in_catalogue", known, log.Count);
        }

        return counts with
        {
            LogRows = rows,
            Edges = pairs,
            Users = users,
            Degrees =
            [
                .. RowReader
                    .Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(CheckQuery), "check_degrees.sql"), ("clicks", log.Rows))))
                    .Select(r => ((long)r[0]!, (long)r[1]!)),
            ],
        };
    }

    /// <summary>Times before 1990 or after tomorrow: most of them are in another unit than the rest.</summary>
    private static void CheckTimes(CheckFacts facts, long rows, long early, long late)
    {
        if (early + late > 0)
        {
            facts.Share("times_before_1990", early, rows);
            facts.Share("times_after_tomorrow", late, rows);
            facts.Text("warning", "times before 1990 or after tomorrow are often in another unit; see input.timeUnit");
        }
    }

    private static void Files(InputSource source, CheckFacts facts, out long bytes)
    {
        bytes = source.Files.Files.Sum(f => new FileInfo(f).Length);
        facts.Text("path", source.Files.Root);
        facts.Text("format", source.Files.Format.ToString().ToLowerInvariant());
        if (source is DeltaInput delta)
        {
            bytes = delta.Bytes;
            facts.Count("version", delta.Version);
        }
        else
        {
            facts.Count("files", source.Files.Files.Count);
            FilesNotRead(source.Files, facts);
        }

        facts.Bytes("bytes", bytes);
    }

    // The notice of files that are not read has a count of its own.
    private static void Notices(IReadOnlyList<string> notices, InputFiles files, CheckFacts facts)
    {
        foreach (string notice in notices.Where(n => n != files.PassedOverNotice))
        {
            facts.Text("warning", notice);
        }
    }

    private static void FilesNotRead(InputFiles? files, CheckFacts facts)
    {
        if (files is { PassedOverNotice: { } notice, PassedOver.Count: var count })
        {
            facts.Count("files_not_read", count);
            facts.Text("warning", notice);
        }
    }

    private static object?[] One(IEngine engine, string file, params ReadOnlySpan<(string, IRelation)> inputs) =>
        One(engine, SqlScript.Load(typeof(CheckQuery), file), inputs);

    private static object?[] One(IEngine engine, SqlScript script, params ReadOnlySpan<(string, IRelation)> inputs) =>
        RowReader.Read(engine.Collect(engine.Sql(script, inputs)))[0];
}
