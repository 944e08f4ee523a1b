using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Publish;

/// <summary>
/// Makes a codebook the one that readers use: adds a generation to table <c>published</c>, the only thing that moves
/// what <c>current_ids</c> shows.
/// </summary>
public sealed class PublishStep : IStep, ISkippable
{
    /// <inheritdoc/>
    public string Name => "publish";

    /// <inheritdoc/>
    public string? SkipReason(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Codebook? published = CodebookChoice.Published(context.Engine);
        return published is null || context.Options.Section<PublishOptions>().Auto
            ? null
            : $"codebook {published.CodebookId} is published; publish.auto=true or 'onerec publish' moves readers";
    }

    /// <inheritdoc/>
    public StepPlan Plan(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Codebook codebook = Target(context);
        return new StepPlan("published", 1) { Inputs = { ["codebook"] = codebook.CodebookId } };
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepContext context, StepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        Codebook codebook = Target(context);
        RequireIds(context, codebook);
        TableState? state = context.Engine.Tables.State("published");
        long generation = state is null ? 1 : NewestGeneration(context) + 1;
        TableDefinition table = OneRecTables.Published();
        object?[] row = [generation, codebook.CodebookId, codebook.ModelId, context.Clock.GetUtcNow(), context.RunId];
        var write = new TableWrite(table, new WriteMode.Append(), context.Note(this, plan)) { ReadVersion = state?.Version };
        IRelation rows = context.Engine.FromRows(table.Schema, [RowReader.Build(table.Schema, [row])]);
        TableVersion version = context.Write(rows, write, out long count);
        return new StepOutcome(
            count,
            [version],
            [new Fact("codebook", codebook.CodebookId), new Fact("generation", $"{generation}")]);
    }

    // What is asked by name is the option's; left at 'current', the newest is what there is to publish.
    private static Codebook Target(StepContext context)
    {
        string choice = context.Options.Codebook;
        return CodebookChoice.Resolve(context.Engine, choice == "current" ? "newest" : choice);
    }

    private static void RequireIds(StepContext context, Codebook codebook)
    {
        long ids = 0;
        if (context.Engine.Tables.State("semantic_ids") is not null)
        {
            SqlScript script = SqlScript.Load(typeof(PublishStep), "ids_of_codebook.sql").With("codebook_id", codebook.CodebookId);
            IRelation count = context.Engine.Sql(script, ("semantic_ids", context.Engine.ReadTable("semantic_ids")));
            ids = (long)RowReader.Read(context.Engine.Collect(count))[0][0]!;
        }

        if (ids == 0)
        {
            throw OneRecException.Table(
                "publish.no-ids",
                $"codebook {codebook.CodebookId} has no rows in semantic_ids; run 'onerec assign --set codebook={codebook.CodebookId}' first");
        }
    }

    private static long NewestGeneration(StepContext context)
    {
        var script = new SqlScript("SELECT max(generation) AS generation FROM published");
        IRelation newest = context.Engine.Sql(script, ("published", context.Engine.ReadTable("published")));
        return (long)(RowReader.Read(context.Engine.Collect(newest))[0][0] ?? 0L);
    }
}
