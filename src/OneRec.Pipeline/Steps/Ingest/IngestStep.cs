using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Kernels.Hashing;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Ingest;

/// <summary>Brings the catalogue into table <c>items</c>: new, changed, revived and taken-down items.</summary>
/// <remarks>An item has changed where its content hash is another; a catalogue that changes nothing commits nothing.</remarks>
public sealed class IngestStep : IInputStep
{
    private const string Table = "items";

    private static readonly string[] Changes = ["new", "changed", "revived", "deleted", "same"];

    /// <inheritdoc/>
    public string Name => "ingest";

    /// <inheritdoc/>
    public StepPlan Plan(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var plan = new StepPlan(Table, 1)
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

        foreach ((string name, string version) in ItemCatalogue.Versions(context.Options.Input))
        {
            plan.Inputs.Add(name, version);
        }

        return plan;
    }

    /// <inheritdoc/>
    public void RequireInputs(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ItemCatalogue.Require(context.Options.Input, context.Options.Section<IngestOptions>().Version);
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepContext context, StepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        IEngine engine = context.Engine;
        using ItemCatalogue catalogue = ItemCatalogue.Open(context.Engine, context.Options.Input, context.Options.Section<IngestOptions>().Version);
        ItemIdType.Require(engine.Tables.State(Table), catalogue.IdType, catalogue.Source);
        IReadOnlyList<Fact> quarantined = Quarantine.Write(context, this, plan, catalogue.BadRows);
        TableDefinition table = OneRecTables.Items(catalogue.IdType);
        TableState? state = engine.Tables.State(Table);
        using IKeptRelation merged = engine.Keep(Merge(context, catalogue, table, state));
        Dictionary<string, long> counts = RowReader
            .Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(IngestStep), "item_changes.sql"), ("merged", merged))))
            .ToDictionary(row => (string)row[0]!, row => (long)row[1]!);
        if (counts.Remove("absent", out long absent))
        {
            RequireWhole(context, catalogue, absent, state);
            counts["deleted"] = counts.GetValueOrDefault("deleted") + absent;
        }

        Fact[] facts = [.. Changes.Select(change => new Fact(change, Number(counts.GetValueOrDefault(change)))), .. quarantined];
        var types = new Dictionary<string, string> { ["catalogue"] = catalogue.Types };
        if (catalogue.Superseded > 0)
        {
            facts = [.. facts, new Fact("older versions left out", Number(catalogue.Superseded))];
        }

        if (state is not null && counts.Keys.All(change => change == "same"))
        {
            return new StepOutcome(0, [new TableVersion(Table, state.Version)], facts) { Types = types };
        }

        IRelation rows = engine.Sql(SqlScript.Load(typeof(IngestStep), "items_table.sql"), ("merged", merged));
        var write = new TableWrite(table, new WriteMode.Overwrite(), context.Note(this, plan))
        {
            ReadVersion = state?.Version,
        };
        TableVersion version = context.Write(rows, write, out long count);
        return new StepOutcome(count, [version], facts) { Types = types };
    }

    /// <summary>A snapshot that lacks much of what is there is taken for a part, not for the whole.</summary>
    private static void RequireWhole(StepContext context, ItemCatalogue catalogue, long absent, TableState? state)
    {
        double limit = context.Options.Section<IngestOptions>().MaxDeleted;
        IRelation items = context.Engine.ReadTable(Table, state!.Version);
        long live = (long)RowReader.Read(context.Engine.Collect(context.Engine.Sql(
            new SqlScript("SELECT count(*) AS live FROM items WHERE deleted_at IS NULL"), ("items", items))))[0][0]!;
        if (absent > limit * live)
        {
            throw OneRecException.Input(
                "ingest.max-deleted",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{catalogue.Source} lacks {absent:N0} of {live:N0} items, above ingest.maxDeleted ({limit}); is it the whole "
                        + $"catalogue? Set ingest.maxDeleted={Math.Ceiling(1000.0 * absent / live) / 1000} to take them down"));
        }
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static IRelation Merge(StepContext context, ItemCatalogue catalogue, TableDefinition table, TableState? state)
    {
        IEngine engine = context.Engine;
        IRelation hashed = engine.Map(
            catalogue.Items, ContentHashKernel.Call(catalogue.IdType), PartitionShape.Any);
        IRelation items = engine.Sql(
            SqlScript.Load(typeof(IngestStep), "hashed_items.sql"), ("hashed", hashed), ("items", catalogue.Items));
        IRelation present = state is null
            ? engine.FromRows(table.Schema, [RowReader.Build(table.Schema, [])])
            : engine.ReadTable(Table, state.Version);
        return engine.Sql(
            SqlScript.Load(typeof(IngestStep), "merged_items.sql")
                .With("now", context.Clock.GetUtcNow())
                .With("takes_down", context.Options.Section<IngestOptions>().Mode == IngestMode.Snapshot ? 1 : 0),
            ("present", present),
            ("catalogue", items));
    }
}
