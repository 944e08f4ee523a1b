using System.Globalization;
using Apache.Arrow.Types;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Maintain;

/// <summary>
/// Takes out what the tables hold of items that were deleted long ago: their texts and content hash, their embeddings, and the item of
/// their IDs. The rows of IDs stay, under no item, because their slots must not be given again.
/// </summary>
internal sealed class Purge : IDisposable
{
    private const string Items = "items";
    private const string Ids = "semantic_ids";
    private const string Embeddings = "item_embeddings";
    private const int Shown = 20;

    // The item of purged IDs where ids are numbers: the lowest BIGINT, as both engines can write it. Else it is the empty text.
    private const string NoNumber = "CAST(-9223372036854775807 AS BIGINT) - CAST(1 AS BIGINT)";

    private readonly IMaterializedRelation _purged;
    private readonly PinnedTable _items;

    private Purge(PinnedTable items, IMaterializedRelation purged) => (_items, _purged) = (items, purged);

    /// <summary>Number of items.</summary>
    public long Count => _purged.Rows;

    /// <summary>Finds the items: deleted before a time and not purged yet. Null if nothing is purged by the options.</summary>
    public static Purge? Find(StepRun run)
    {
        PinnedTable items = run.Output(Items);
        return run.Options.Retention.DeletedDays is not { } days || items.State is null
            ? null
            : new Purge(items, run.Engine.Materialize(run.Engine.Sql(
                SqlScript.Load(typeof(Purge), "purged_items.sql").With("before", run.Clock.GetUtcNow() - TimeSpan.FromDays(days)),
                (Items, items.Rows))));
    }

    /// <summary>Takes them out: texts last, because they mark what is left to do after a kill.</summary>
    public IReadOnlyList<TableVersion> Do(StepRun run) => Count == 0
        ? []
        : [.. new[] { RemoveEmbeddings(run), BlankIds(run), BlankItems(run) }.OfType<TableVersion>()];

    /// <summary>Says which items, and when their bytes are gone.</summary>
    public void Report(StepRun run, bool dryRun)
    {
        foreach (object?[] row in RowReader.Read(run.Engine.Collect(run.Engine.Sql(
            SqlScript.Load(typeof(Purge), "first_purged.sql").With("limit", (long)Shown), ("purged", _purged)))))
        {
            run.Report(string.Create(
                CultureInfo.InvariantCulture, $"item {row[0]}, deleted {row[1]:yyyy-MM-dd}: {(dryRun ? "would be purged" : "purged")} (texts, embeddings, IDs)"));
        }

        if (Count > Shown)
        {
            run.Report(string.Create(CultureInfo.InvariantCulture, $"and {Count - Shown:N0} more items"));
        }

        if (Count > 0 && !dryRun)
        {
            // Commits hold the lowest and the highest text of each file.
            RetentionSection retention = run.Options.Retention;
            DateTimeOffset gone = run.Clock.GetUtcNow() + TimeSpan.FromDays(Math.Max(retention.Days, retention.LogDays));
            run.Report(string.Create(
                CultureInfo.InvariantCulture, $"older versions still hold them; the first 'onerec maintain' after {gone:yyyy-MM-dd HH:mm} UTC removes the last of their files"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _purged.Dispose();

    private TableVersion? RemoveEmbeddings(StepRun run) => Rewrite(run, Embeddings, OneRecTables.ItemEmbeddings, there => (
        run.Engine.FromRows(OneRecTables.ItemEmbeddings(there.IdType).Schema, []), Keys(run)));

    private TableVersion? BlankIds(StepRun run) => Rewrite(run, Ids, OneRecTables.SemanticIds, there => (
        run.Engine.Sql(
            SqlScript.Load(typeof(Purge), "blank_ids.sql")
                .With("now", run.Clock.GetUtcNow())
                .With("no_item", new SqlArgument.Expression(there.IdType is StringType ? "''" : NoNumber)),
            (Ids, there.Rows),
            ("purged", _purged)),
        Keys(run)));

    private TableVersion? BlankItems(StepRun run) => Rewrite(run, Items, OneRecTables.Items, _ => (
        run.Engine.Sql(SqlScript.Load(typeof(Purge), "blank_items.sql"), (Items, _items.Rows), ("purged", _purged)),
        Keys(run)));

    private IRelation Keys(StepRun run) => run.Engine.Sql(SqlScript.Load(typeof(Purge), "purged_keys.sql"), ("purged", _purged));

    private static TableVersion? Rewrite(
        StepRun run, string table, Func<IArrowType, TableDefinition> definition, Func<PinnedTable, (IRelation Rows, IRelation Removed)> change)
    {
        PinnedTable there = run.Output(table);
        if (there.State is null)
        {
            return null;
        }

        (IRelation rows, IRelation removed) = change(there);
        return run.Write(
            rows,
            new TableWrite(definition(there.IdType), new WriteMode.Rewrite(removed), run.Note()) { ReadVersion = there.State.Version },
            out _);
    }
}
