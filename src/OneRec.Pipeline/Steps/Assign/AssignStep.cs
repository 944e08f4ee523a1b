using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Assign;

/// <summary>
/// Gives each embedded item its semantic ID under the codebook. Under a published codebook only items without an ID get
/// one, and no ID changes: the rows of items that were taken down end, as do those of changed items by
/// <see cref="AssignOptions.Changed"/>. Else the codebook's rows are replaced.
/// </summary>
public sealed class AssignStep : IStep
{
    private const string Table = "semantic_ids";
    private const int Algorithm = 1;

    // Each loss means that somebody else's commit succeeded, so that ten in a row are no accident.
    private const int Attempts = 10;

    /// <inheritdoc/>
    public string Name => "assign";

    /// <inheritdoc/>
    /// <exception cref="OneRecException">There is no such codebook (exit 2 or 4).</exception>
    public StepPlan Plan(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new StepPlan(Table, Algorithm)
        {
            Inputs =
            {
                ["items"] = context.VersionOf("items"),
                ["item_embeddings"] = context.VersionOf("item_embeddings"),
                ["codebook"] = CodebookChoice.Resolve(context).CodebookId,
            },
            Parameters = new JsonObject
            {
                ["maxItemsPerId"] = context.Options.Section<AssignOptions>().MaxItemsPerId,
                ["onFull"] = context.Options.Section<AssignOptions>().OnFull.ToString(),
                ["changed"] = context.Options.Section<AssignOptions>().Changed.ToString(),
            },
        };
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepContext context, StepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(plan);
        Codebook codebook = CodebookChoice.Resolve(context.Engine, plan.Inputs["codebook"]);
        CodebookTable.Read(context.Engine, codebook);
        for (int attempt = 1; ; attempt++)
        {
            Attempt made = codebook.Published ? Append(context, plan, codebook) : Replace(context, plan, codebook);
            switch (made.Result)
            {
                case WriteResult.Committed committed:
                    return Outcome(codebook, committed, made);
                case WriteResult.Conflict conflict when attempt == Attempts:
                    throw OneRecException.Table(
                        "table.conflict",
                        $"{Table}: {Attempts} times another process committed first, last version {conflict.Version}; run the command again");
                default:
                    context.Observer.Told(Name, $"{Table}: another process committed first; reading its slots and trying again");
                    break;
            }
        }
    }

    private Attempt Replace(StepContext context, StepPlan plan, Codebook codebook)
    {
        EmbeddedItems items = EmbeddedItems.Of(context.Engine, codebook.ModelId);
        TableDefinition table = OneRecTables.SemanticIds(items.IdType);
        IRelation none = context.Engine.FromRows(table.Schema, []);
        using IKeptRelation encoded = Encode(context, items, items.Relation, codebook);
        if (encoded.Rows == 0)
        {
            throw OneRecException.Input(
                "assign.empty",
                $"item_embeddings has no embedding by model {codebook.ModelId} of what the items hold now; run 'onerec embed' first");
        }

        using CapacitySpread spread = CapacitySpread.Of(context, items, encoded, none, codebook);
        var write = new TableWrite(
            table,
            new WriteMode.Replace(new Dictionary<string, string> { ["codebook_id"] = codebook.CodebookId }),
            context.Note(this, plan))
        {
            ReadVersion = context.Engine.Tables.State(Table)?.Version,
        };
        return new Attempt(
            context.Engine.Write(IdRows(context, spread.Ids, none, codebook), write), encoded.Rows, 0, spread.Facts);
    }

    private Attempt Append(StepContext context, StepPlan plan, Codebook codebook)
    {
        IEngine engine = context.Engine;
        EmbeddedItems items = EmbeddedItems.Of(engine, codebook.ModelId);
        TableDefinition table = OneRecTables.SemanticIds(items.IdType);
        TableState? state = engine.Tables.State(Table);
        IRelation there = state is null ? engine.FromRows(table.Schema, []) : engine.ReadTable(Table, state.Version);
        using StaleIds stale = StaleIds.Of(context, items, there, codebook, rows => Encode(context, items, rows, codebook));
        IRelation fresh = engine.Sql(
            SqlScript.Load(typeof(AssignStep), "new_embedded.sql").With("codebook_id", codebook.CodebookId),
            ("embedded", items.Relation),
            ("semantic_ids", stale.Ended));
        using IKeptRelation encoded = Encode(context, items, fresh, codebook);
        if (encoded.Rows == 0 && stale.Count == 0)
        {
            return new Attempt(new WriteResult.Committed(state?.Version ?? 0, 0), 0, 0, []);
        }

        using CapacitySpread spread = CapacitySpread.Of(context, items, encoded, stale.Ended, codebook);
        IRelation rows = IdRows(context, spread.Ids, there, codebook);
        var append = new TableWrite(table, new WriteMode.Append(), context.Note(this, plan)) { ReadVersion = state?.Version };
        WriteResult result = stale.Count == 0
            ? engine.Write(rows, append)
            : engine.Write(
                engine.Sql(
                    SqlScript.Load(typeof(AssignStep), "revised_ids.sql").With("codebook_id", codebook.CodebookId),
                    ("ended", stale.Ended),
                    ("fresh", rows)),
                append with
                {
                    Mode = new WriteMode.Replace(new Dictionary<string, string> { ["codebook_id"] = codebook.CodebookId }),
                });
        return new Attempt(result, encoded.Rows, stale.Count, spread.Facts);
    }

    private static IKeptRelation Encode(StepContext context, EmbeddedItems items, IRelation rows, Codebook codebook) =>
        context.Engine.Keep(context.Engine.Map(
            rows,
            EncodeKernel.Call(items.IdType),
            PartitionShape.Any,
            (EncodeKernel.CodebookSide, CodebookTable.Relation(context.Engine, codebook.CodebookId))));

    private static IRelation IdRows(StepContext context, IRelation encoded, IRelation there, Codebook codebook)
    {
        IRelation highest = context.Engine.Sql(
            SqlScript.Load(typeof(AssignStep), "highest_slots.sql").With("codebook_id", codebook.CodebookId),
            ("semantic_ids", there));
        return context.Engine.Sql(
            SqlScript.Load(typeof(AssignStep), "id_rows.sql")
                .With("now", context.Clock.GetUtcNow())
                .With("run_id", context.RunId)
                .With("codebook_id", codebook.CodebookId),
            ("encoded", encoded),
            ("highest", highest));
    }

    private static StepOutcome Outcome(Codebook codebook, WriteResult.Committed committed, Attempt made) => new(
        made.New,
        [new TableVersion(Table, committed.Version)],
        [
            new Fact("codebook", codebook.CodebookId),
            new Fact(codebook.Published ? "items appended" : "items", made.New.ToString("N0", CultureInfo.InvariantCulture)),
            .. made.Ended > 0 ? [new Fact("items ended", made.Ended.ToString("N0", CultureInfo.InvariantCulture))] : Array.Empty<Fact>(),
            .. made.Facts,
        ]);

    // One attempt at the commit: its result, the items that got an ID, those whose row ended, what else there is to tell.
    private sealed record Attempt(WriteResult Result, long New, long Ended, IReadOnlyList<Fact> Facts);
}
