using OneRec.Core;
using OneRec.Inputs.Log;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Assign;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Publish;

/// <summary>
/// Publishes a codebook to readers: adds a generation to table <c>published</c>. Nothing else changes which codebook
/// <c>current_ids</c> shows.
/// </summary>
public sealed class PublishStep : IStep
{
    private const string Table = "published";

    /// <inheritdoc/>
    public StepDescription Description { get; } = new("publish", "publish a codebook and its IDs to readers")
    {
        About =
        [
            "Adds a generation to the table published; the view current_ids shows the newest one. 'run' publishes "
            + "automatically only if nothing is published yet, or with publish.auto=true.",
            "Each gate (publish.gates) is shown with its value and its limit. If a limit is broken, nothing changes and the step "
            + "ends with exit code 4.",
            "With --rollback, the codebook that was published before the current one is published again, after a check that it "
            + "and its IDs are whole. Give run.id so that a retry does not roll back twice.",
        ],
        Flags = [new StepFlag("--rollback", "publish.rollback", "Publish the codebook that was published before the current one.")],
        Inputs = ["input.interactions, with publish.gates.positiveShare"],
        Reads = [CodebookChoice.Table, "semantic_ids", "items", "item_embeddings", "quality"],
        Writes = [new(Table, _ => OneRecTables.Published())],
        Options = OptionSection.Of<PublishOptions>("publish"),
        Examples =
        [
            ("onerec publish --conf my.json --set codebook=newest", "Publish the newest codebook."),
            ("onerec publish --conf my.json --set publish.gates.moved=0.1", "Refuse if more than a tenth of the items would get other codes."),
            ("onerec publish --conf my.json --rollback --set run.id=rollback-7", "Go back to the codebook before."),
        ],
    };

    /// <inheritdoc/>
    public string? WhyLeftOut(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Codebook? published = CodebookChoice.Published(context.Engine);
        return published is null || context.Options.Section<PublishOptions>().Auto
            ? null
            : $"codebook {published.CodebookId} is published; to publish a newer one, run 'onerec publish' or set publish.auto=true";
    }

    /// <inheritdoc/>
    public StepPlan Plan(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Codebook codebook = Target(context);
        var plan = new StepPlan(1)
        {
            Codebook = codebook,
            Inputs =
            {
                { context.Pin(CodebookChoice.Table), "codebook", codebook.CodebookId },
            },
        };

        // Only the gates read these; what is published does not depend on them.
        plan.Inputs.Pin(context.Pin("semantic_ids"));
        plan.Inputs.Pin(context.Pin("items"));
        plan.Inputs.Pin(context.Pin("item_embeddings"));
        plan.Inputs.Pin(context.Pin("quality", "evaluate"));
        return plan;
    }

    /// <inheritdoc/>
    public void RequireInputs(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Options.Section<PublishOptions>() is { Rollback: false, Gates.PositiveShare: not null })
        {
            InteractionLog.Require(context.Engine.Inputs, context.Options.Input, needsTime: false);
        }
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Codebook codebook = run.Plan.Codebook!;
        RequireWhole(run, codebook);
        PinnedTable published = run.Output(Table);
        Generation? newest = published.State is null ? null : Newest(run.Engine, published.Rows);
        IReadOnlyList<Gate> gates = run.Options.Section<PublishOptions>().Rollback ? [] : PassGates(run, codebook, newest?.CodebookId);
        long generation = (newest?.Number ?? 0) + 1;
        TableDefinition table = OneRecTables.Published();
        object?[] row = [generation, codebook.CodebookId, codebook.ModelId, run.Clock.GetUtcNow(), run.RunId];
        var write = new TableWrite(table, new WriteMode.Append(), run.Note()) { ReadVersion = published.State?.Version };
        IRelation rows = run.Engine.FromRows(table.Schema, [RowReader.Build(table.Schema, [row])]);
        TableVersion version = run.Write(rows, write, out long count);
        return new StepOutcome(
            count,
            [version],
            [new Fact("codebook", codebook.CodebookId), Fact.Of("generation", generation), .. gates.Where(g => g is { Value: not null, Limit: not null }).Select(g => g.Fact)]);
    }

    // With 'current', the newest codebook is published; otherwise the one that the option names.
    private static Codebook Target(PlanContext context)
    {
        if (context.Options.Section<PublishOptions>().Rollback)
        {
            return Previous(context);
        }

        return context.Options.Codebook == "current"
            ? CodebookChoice.Resolve(context.Engine, context.TrainedCodebook ?? "newest")
            : context.Codebook();
    }

    private static Codebook Previous(PlanContext context)
    {
        IEngine engine = context.Engine;
        if (engine.Tables.State(Table) is not null)
        {
            IRelation published = engine.ReadTable(Table);
            if (Newest(engine, published) is { } newest && newest.RunId == context.Options.Run.Id)
            {
                // A retry: this run has rolled back already.
                return CodebookChoice.Resolve(engine, newest.CodebookId);
            }

            SqlScript script = SqlScript.Load(typeof(PublishStep), "previous_codebook.sql");
            if (RowReader.Read(engine.Collect(engine.Sql(script, (Table, published)))) is [[string id, string model]])
            {
                return new Codebook(id, model, Published: false);
            }
        }

        throw OneRecException.Table("publish.no-previous", $"{Table}: only one codebook was ever published, so there is none to go back to");
    }

    private static IReadOnlyList<Gate> PassGates(StepRun run, Codebook codebook, string? published)
    {
        IReadOnlyList<Gate> gates = GateMeasures.Of(run, codebook, published);
        foreach (Gate gate in gates.Where(g => g.Value is not null))
        {
            run.Report($"gate: {gate.Line}");
        }

        GateMeasures.RequireKnown(gates, codebook);
        Gate[] broken = [.. gates.Where(g => g.IsBroken)];
        return broken.Length == 0 ? gates : throw OneRecException.Table(
            "publish.gate",
            $"codebook {codebook.CodebookId} is not published: {string.Join("; ", broken.Select(g => g.Line))}; look into it, or raise the limit");
    }

    // What a reader of the codebook's IDs relies on.
    private static void RequireWhole(StepRun run, Codebook codebook)
    {
        RequireIds(run, codebook);
        CodebookTable.Read(run.Engine, run.Input(CodebookChoice.Table).Rows, codebook);
        IdRules.Require(run.Engine, run.Input("semantic_ids").Rows, codebook);
    }

    private static void RequireIds(StepRun run, Codebook codebook)
    {
        PinnedTable table = run.Input("semantic_ids");
        long ids = 0;
        if (table.State is not null)
        {
            SqlScript script = SqlScript.Load(typeof(PublishStep), "ids_of_codebook.sql").With("codebook_id", codebook.CodebookId);
            ids = (long)RowReader.Read(run.Engine.Collect(run.Engine.Sql(script, ("semantic_ids", table.Rows))))[0][0]!;
        }

        if (ids == 0)
        {
            throw OneRecException.Table(
                "publish.no-ids",
                $"codebook {codebook.CodebookId} has no rows in semantic_ids; run 'onerec assign --set codebook={codebook.CodebookId}' first");
        }
    }

    private static Generation? Newest(IQueryEngine engine, IRelation published) =>
        RowReader.Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(PublishStep), "newest_generation.sql"), (Table, published))))
            is [[long number, string codebook, string run]] ? new Generation(number, codebook, run) : null;

    /// <summary>A row of table <c>published</c>.</summary>
    private sealed record Generation(long Number, string CodebookId, string RunId);
}
