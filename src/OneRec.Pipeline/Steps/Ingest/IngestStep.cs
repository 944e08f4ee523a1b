using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Sources;
using OneRec.Kernels.Hashing;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Ingest;

/// <summary>Merges the catalogue into table <c>items</c>: new, changed, revived and deleted items.</summary>
/// <remarks>An item has changed if its content hash differs. If nothing changed, nothing is committed.</remarks>
public sealed class IngestStep : IStep
{
    private const string Table = "items";
    private const int Algorithm = 2;
    private const double ItemsPerSecond = 60_000;

    private static readonly string[] Changes = ["new", "changed", "revived", "deleted", "same"];

    /// <inheritdoc/>
    public StepDescription Description { get; } = new("ingest", "catalogue files into the table items")
    {
        About =
        [
            "Reads the catalogue (CSV, Parquet or Delta, one row per item), computes its fields by input.itemFields, and merges "
            + "it by item_id into the Delta table items: new items are added, changed ones replaced, the rest kept. A content "
            + "hash per item tells embed later which items have changed.",
            "With ingest.mode=snapshot, items missing from the catalogue are marked as deleted; a catalogue that lacks more than "
            + "ingest.maxDeleted of the items is refused. With ingest.version, the latest of several rows of one id is used.",
        ],
        Inputs = ["input.items", "input.tags", "input.tokens", "input.images"],
        Writes = [new(Table, OneRecTables.Items), new("quarantine", _ => OneRecTables.Quarantine())],
        Options = OptionSection.Of<IngestOptions>("ingest"),
        OtherSections = ["input"],
        Examples =
        [
            ("onerec ingest --conf conf/movielens.json", "Ingest only the catalogue, then look at it with 'onerec sql'."),
            ("onerec ingest --conf my.json --set ingest.mode=snapshot", "A catalogue that lists every item."),
            ("onerec ingest --conf my.json --set input.badRows=quarantine", "Put rows that cannot be parsed into quarantine."),
        ],
    };

    /// <inheritdoc/>
    public StepPlan Plan(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var plan = new StepPlan(Algorithm)
        {
            Parameters = new JsonObject
            {
                ["catalogue"] = ItemCatalogue.Parameters(context.Options.Input),
                ["mode"] = context.Options.Section<IngestOptions>().Mode.ToString(),
            },
        };
        if (context.Options.Section<IngestOptions>().Version is { } latest)
        {
            plan.Parameters["version"] = latest;
        }

        foreach ((string name, string version) in ItemCatalogue.Versions(context.Engine.Inputs, context.Options.Input, context.Clock))
        {
            plan.Inputs.Add(name, version);
        }

        return plan;
    }

    /// <inheritdoc/>
    public void RequireInputs(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ItemCatalogue.Require(context.Engine.Inputs, context.Options.Input, context.Options.Section<IngestOptions>().Version);
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        IQueryEngine engine = run.Engine;
        using ItemCatalogue catalogue = ItemCatalogue.Open(engine, run.Options.Input, run.Options.Section<IngestOptions>().Version, run.Clock);
        foreach (string notice in catalogue.Notices)
        {
            run.Report(notice);
        }

        PinnedTable items = run.Output(Table);
        ItemIds.RequireAlike(catalogue.ItemIds, items.State);
        RequireOneRowPerItem(run, items);
        IReadOnlyList<Fact> quarantined = Quarantine.Write(run, catalogue.BadRows);
        TableDefinition table = OneRecTables.Items(catalogue.IdType);
        using IMaterializedRelation merged = engine.Materialize(Merge(run, catalogue, items.RowsOr(table)));
        Dictionary<string, long> counts = RowReader
            .Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(IngestStep), "item_changes.sql"), ("merged", merged))))
            .ToDictionary(row => (string)row[0]!, row => (long)row[1]!);
        if (counts.Remove("absent", out long absent))
        {
            RequireComplete(run, catalogue, items, absent);
            counts["deleted"] = counts.GetValueOrDefault("deleted") + absent;
        }

        Fact[] facts =
        [
            .. Changes.Select(change => Fact.Of(change, counts.GetValueOrDefault(change))),
            .. quarantined,
            .. PassedOverFiles.Facts(catalogue.Origin.Files),
        ];
        var types = new Dictionary<string, string> { ["catalogue"] = catalogue.Types };
        if (catalogue.Superseded > 0)
        {
            facts = [.. facts, Fact.Of("older versions skipped", catalogue.Superseded)];
        }

        if (items.State is { } state && counts.Keys.All(change => change == "same"))
        {
            return new StepOutcome(0, [new TableVersion(Table, state.Version)], facts) { Types = types };
        }

        // Files without a changed row stay as they are.
        IRelation rows = engine.Sql(SqlScript.Load(typeof(IngestStep), "changed_items.sql"), ("merged", merged));
        IRelation replaced = engine.Sql(SqlScript.Load(typeof(IngestStep), "replaced_items.sql"), ("merged", merged));
        var write = new TableWrite(table, new WriteMode.Rewrite(replaced), run.Note())
        {
            ReadVersion = items.State?.Version,
        };
        TableVersion version = run.Write(rows, write, out long count);
        return new StepOutcome(count, [version], facts) { Types = types };
    }

    /// <inheritdoc/>
    public StepEstimate? Estimate(InputCounts counts, OneRecOptions options)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(options);
        return counts.Items == 0
            ? null
            : new StepEstimate(counts.Items / (ItemsPerSecond * options.ThreadCount()))
            {
                TableBytes = counts.CatalogueBytes,
                MemoryBytes = (long)Math.Min(counts.CatalogueBytes * 2.0, options.MemoryBytes() / 2.0),
            };
    }

    /// <summary>Rejects a snapshot that lacks too many of the existing items: it is probably incomplete.</summary>
    private static void RequireComplete(StepRun run, ItemCatalogue catalogue, PinnedTable items, long absent)
    {
        double limit = run.Options.Section<IngestOptions>().MaxDeleted;
        long live = (long)RowReader.Read(run.Engine.Collect(run.Engine.Sql(
            SqlScript.Load(typeof(IngestStep), "live_items.sql"), ("items", items.Rows))))[0][0]!;
        if (absent > limit * live)
        {
            throw OneRecException.Input(
                "ingest.max-deleted",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{catalogue.Source} lacks {absent:N0} of {live:N0} items, above ingest.maxDeleted ({limit}); is it the whole "
                        + $"catalogue? Set ingest.maxDeleted={Math.Ceiling(1000.0 * absent / live) / 1000} to delete them"));
        }
    }

    /// <summary>Rejects a table with two rows of an item: which of them is right cannot be told.</summary>
    private static void RequireOneRowPerItem(StepRun run, PinnedTable items)
    {
        if (items.State is not null
            && RowReader.Read(run.Engine.Collect(run.Engine.Sql(
                SqlScript.Load(typeof(IngestStep), "repeated_items.sql"), ("items", items.Rows)))) is [var first])
        {
            throw OneRecException.Table(
                "ingest.two-rows",
                $"{Table}: item {first[0]} has {first[1]} rows; another program wrote them: restore an older version of the table, "
                + "or delete all its rows, and run 'onerec ingest' again");
        }
    }

    private static IRelation Merge(StepRun run, ItemCatalogue catalogue, IRelation present)
    {
        IQueryEngine engine = run.Engine;
        IRelation hashed = engine.Map(
            catalogue.Items, ContentHashKernel.Call(catalogue.IdType), PartitionShape.Any);
        IRelation items = engine.Sql(
            SqlScript.Load(typeof(IngestStep), "hashed_items.sql"), ("hashed", hashed), ("items", catalogue.Items));
        return engine.Sql(
            SqlScript.Load(typeof(IngestStep), "merged_items.sql")
                .With("now", run.Clock.GetUtcNow())
                .With("is_snapshot", run.Options.Section<IngestOptions>().Mode == IngestMode.Snapshot ? 1 : 0),
            ("present", present),
            ("catalogue", items));
    }
}
