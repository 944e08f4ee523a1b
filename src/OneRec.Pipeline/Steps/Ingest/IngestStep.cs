using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Kernels.Hashing;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Inputs;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Ingest;

/// <summary>Brings the catalogue into table <c>items</c>: new, changed, revived and taken-down items.</summary>
/// <remarks>An item has changed where its content hash is another; a catalogue that changes nothing commits nothing.</remarks>
public sealed class IngestStep : IStep
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
                ["catalogue"] = Catalogue.Parameters(context.Options.Input),
                ["mode"] = context.Options.Ingest.Mode.ToString(),
            },
        };
        foreach ((string name, string version) in Catalogue.Versions(context.Options.Input))
        {
            plan.Inputs.Add(name, version);
        }

        return plan;
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepContext context, StepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        IEngine engine = context.Engine;
        using Catalogue catalogue = Catalogue.Open(context);
        ItemIdType.Require(context, catalogue.IdType, catalogue.Source);
        TableDefinition table = OneRecTables.Items(catalogue.IdType);
        TableState? state = engine.Tables.State(Table);
        using IKeptRelation merged = engine.Keep(Merge(context, catalogue, table, state));
        Dictionary<string, long> counts = Rows
            .Read(engine.Collect(engine.Sql(SqlScript.Load("item_changes.sql"), ("merged", merged))))
            .ToDictionary(row => (string)row[0]!, row => (long)row[1]!);
        Fact[] facts = [.. Changes.Select(change => new Fact(
            change, counts.GetValueOrDefault(change).ToString("N0", CultureInfo.InvariantCulture)))];
        if (state is not null && counts.Keys.All(change => change == "same"))
        {
            return new StepOutcome(0, [new TableVersion(Table, state.Version)], facts);
        }

        IRelation rows = engine.Sql(SqlScript.Load("items_table.sql"), ("merged", merged));
        var write = new TableWrite(table, new WriteMode.Overwrite(), context.Note(this, plan))
        {
            ReadVersion = state?.Version,
        };
        TableVersion version = context.Write(rows, write, out long count);
        return new StepOutcome(count, [version], facts);
    }

    private static IRelation Merge(StepContext context, Catalogue catalogue, TableDefinition table, TableState? state)
    {
        IEngine engine = context.Engine;
        IRelation hashed = engine.Map(
            catalogue.Items, ContentHashKernel.Call(catalogue.IdType), PartitionShape.Any);
        IRelation items = engine.Sql(
            SqlScript.Load("hashed_items.sql"), ("hashed", hashed), ("items", catalogue.Items));
        IRelation present = state is null
            ? engine.FromRows(table.Schema, [Rows.Build(table.Schema, [])])
            : engine.ReadTable(Table, state.Version);
        return engine.Sql(
            SqlScript.Load("merged_items.sql").With("now", context.Clock.GetUtcNow()),
            ("present", present),
            ("catalogue", items));
    }
}
