using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Assign;

/// <summary>
/// Assigns a semantic ID to each embedded item under the codebook. Under a published codebook, only items without an ID
/// get one, and existing IDs do not change: rows of deleted items are marked as deleted, and so are rows of changed
/// items if <see cref="AssignOptions.Changed"/> says so. Otherwise all rows of the codebook are replaced.
/// </summary>
public sealed class AssignStep : IStep
{
    private const string Table = "semantic_ids";
    private const int Algorithm = 1;

    // Bytes of a table row in Parquet.
    private const long RowBytes = 120;

    // Each conflict means that another process committed; ten in a row are not a coincidence.
    private const int Attempts = 10;

    /// <inheritdoc/>
    public StepDescription Description { get; } = new("assign", "semantic IDs: the codes of each item")
    {
        About =
        [
            "At each level an item takes the code of the nearest centroid of its residual; the codes, coarse to fine, "
            + "are its semantic ID, such as 12-7-99. Items with equal codes are told apart by their slot, so "
            + "(codes, slot) is unique.",
            "Under a published codebook, new IDs are only appended: published IDs do not change.",
        ],
        Reads = ["items", "item_embeddings", CodebookChoice.Table],
        Writes = [new(Table, OneRecTables.SemanticIds)],
        Options = OptionSection.Of<AssignOptions>("assign"),
        Examples = [("onerec assign --conf conf/movielens.json", "Assign IDs to items that have none yet.")],
    };

    /// <inheritdoc/>
    /// <exception cref="OneRecException">The codebook does not exist (exit 2 or 4).</exception>
    public StepPlan Plan(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Codebook codebook = context.Codebook();
        return new StepPlan(Algorithm)
        {
            Codebook = codebook,
            Inputs =
            {
                context.Pin("items"),
                context.Pin("item_embeddings"),
                { context.Pin(CodebookChoice.Table), "codebook", codebook.CodebookId },
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
    /// <exception cref="OneRecException">
    /// Table error <c>assign.lost-ids</c>: the published codebook has no IDs (exit 4).
    /// </exception>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Codebook codebook = run.Plan.Codebook!;
        CodebookTable.Read(run.Engine, run.Input(CodebookChoice.Table).Rows, codebook);
        for (int attempt = 1; ; attempt++)
        {
            Attempt attempted = codebook.Published ? Append(run, codebook) : Replace(run, codebook);
            switch (attempted.Result)
            {
                case WriteResult.Committed committed:
                    return Outcome(codebook, committed, attempted);
                case WriteResult.Conflict conflict when attempt == Attempts:
                    throw OneRecException.Table(
                        "table.conflict",
                        $"{Table}: another process committed first {Attempts} times, last with version {conflict.Version}; run the command again");
                default:
                    run.Report($"{Table}: another process committed first; reading its slots and retrying");
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public StepEstimate? Estimate(InputCounts counts, OneRecOptions options)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(options);
        if (counts.Items == 0 || options.Section<EmbedOptions>().Dimensions(options.Models) is not { } dimensions)
        {
            return null;
        }

        TrainOptions train = options.Section<TrainOptions>();
        return new StepEstimate(train.AssignmentSeconds(counts.Items, dimensions, options.ThreadCount()))
        {
            TableBytes = counts.Items * RowBytes,
        };
    }

    private static Attempt Replace(StepRun run, Codebook codebook)
    {
        EmbeddedItems items = EmbeddedItems.Read(run, codebook.ModelId);
        TableDefinition table = OneRecTables.SemanticIds(items.IdType);
        IRelation none = run.Engine.FromRows(table.Schema, []);
        var ids = new NewIds(run, codebook, items.IdType);
        using IMaterializedRelation encoded = ids.Encode(items.Relation);
        if (encoded.Rows == 0)
        {
            throw items.Empty("assign.empty");
        }

        using CapacitySpread spread = CapacitySpread.Create(run, items, encoded, none, codebook);
        var write = new TableWrite(
            table,
            new WriteMode.Replace(new Dictionary<string, string> { ["codebook_id"] = codebook.CodebookId }),
            run.Note())
        {
            ReadVersion = run.Output(Table).State?.Version,
        };
        return new Attempt(
            run.TryWrite(ids.Rows(spread.Ids, none), write), encoded.Rows, 0, spread.Facts);
    }

    private static Attempt Append(StepRun run, Codebook codebook)
    {
        IQueryEngine engine = run.Engine;
        EmbeddedItems items = EmbeddedItems.Read(run, codebook.ModelId);
        TableDefinition table = OneRecTables.SemanticIds(items.IdType);
        PinnedTable there = run.Output(Table);
        TableState? state = there.State;
        IRelation existing = there.RowsOr(table);
        IdRules.RequireSome(run, existing, codebook);
        IdRules.Require(engine, existing, codebook);
        var ids = new NewIds(run, codebook, items.IdType);
        using StaleIds stale = StaleIds.Find(run, items, existing, codebook, ids.Encode);
        IRelation fresh = engine.Sql(
            SqlScript.Load(typeof(AssignStep), "new_embedded.sql").With("codebook_id", codebook.CodebookId),
            ("embedded", items.Relation),
            ("semantic_ids", stale.Revised));
        using IMaterializedRelation encoded = ids.Encode(fresh);
        if (encoded.Rows == 0 && stale.Count == 0)
        {
            return new Attempt(new WriteResult.Committed(state?.Version ?? 0, 0), 0, 0, []);
        }

        using CapacitySpread spread = CapacitySpread.Create(run, items, encoded, stale.Revised, codebook);
        IRelation rows = ids.Rows(spread.Ids, existing);
        var append = new TableWrite(table, new WriteMode.Append(), run.Note()) { ReadVersion = state?.Version };
        WriteResult result = stale.Count == 0
            ? run.TryWrite(rows, append)
            : run.TryWrite(
                engine.Sql(
                    SqlScript.Load(typeof(AssignStep), "revised_ids.sql").With("codebook_id", codebook.CodebookId),
                    ("existing", stale.Revised),
                    ("stale", stale.Items),
                    ("fresh", rows)),
                append with
                {
                    Mode = new WriteMode.Rewrite(engine.Sql(
                        SqlScript.Load(typeof(AssignStep), "stale_keys.sql").With("codebook_id", codebook.CodebookId), ("stale", stale.Items))),
                });
        return new Attempt(result, encoded.Rows, stale.Count, spread.Facts);
    }

    private static StepOutcome Outcome(Codebook codebook, WriteResult.Committed committed, Attempt attempt) => new(
        attempt.Added,
        [new TableVersion(Table, committed.Version)],
        [
            new Fact("codebook", codebook.CodebookId),
            Fact.Of(codebook.Published ? "items appended" : "items", attempt.Added),
            .. attempt.Deleted > 0
                ? [Fact.Of("ids deleted", attempt.Deleted)]
                : Array.Empty<Fact>(),
            .. attempt.Facts,
        ]);

    // One attempt to commit: its result, how many items got an ID, how many IDs were marked as deleted, and further
    // facts.
    private sealed record Attempt(WriteResult Result, long Added, long Deleted, IReadOnlyList<Fact> Facts);
}
