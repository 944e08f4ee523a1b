using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
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
        ],
        Reads = [CodebookChoice.Table, "semantic_ids"],
        Writes = [new(Table, _ => OneRecTables.Published())],
        Options = OptionSection.Of<PublishOptions>("publish"),
        Examples = [("onerec publish --conf my.json --set codebook=newest", "Publish the newest codebook.")],
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

        // The step only checks that the codebook has IDs; publishing does not depend on which ones.
        plan.Inputs.Pin(context.Pin("semantic_ids"));
        return plan;
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Codebook codebook = run.Plan.Codebook!;
        RequireIds(run, codebook);
        PinnedTable published = run.Output(Table);
        long generation = published.State is null ? 1 : NewestGeneration(run, published.Rows) + 1;
        TableDefinition table = OneRecTables.Published();
        object?[] row = [generation, codebook.CodebookId, codebook.ModelId, run.Clock.GetUtcNow(), run.RunId];
        var write = new TableWrite(table, new WriteMode.Append(), run.Note()) { ReadVersion = published.State?.Version };
        IRelation rows = run.Engine.FromRows(table.Schema, [RowReader.Build(table.Schema, [row])]);
        TableVersion version = run.Write(rows, write, out long count);
        return new StepOutcome(
            count,
            [version],
            [new Fact("codebook", codebook.CodebookId), Fact.Of("generation", generation)]);
    }

    // With 'current', the newest codebook is published; otherwise the one that the option names.
    private static Codebook Target(PlanContext context) => context.Options.Codebook == "current"
        ? CodebookChoice.Resolve(context.Engine, context.TrainedCodebook ?? "newest")
        : context.Codebook();

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

    private static long NewestGeneration(StepRun run, IRelation published)
    {
        IRelation newest = run.Engine.Sql(
            SqlScript.Load(typeof(PublishStep), "newest_generation.sql"), (Table, published));
        return (long)(RowReader.Read(run.Engine.Collect(newest))[0][0] ?? 0L);
    }
}
