using OneRec.Kernels.Batches;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Assign;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Backfill;

/// <summary>Embeds and encodes slices: embeddings go to <c>item_embeddings</c>, codes to the staging table, once per slice.</summary>
/// <param name="run">The run.</param>
/// <param name="backfill">The names of the backfill's tables and writes.</param>
/// <param name="source">The catalogue.</param>
/// <param name="codebook">The published codebook.</param>
/// <param name="blocks">The blocks with their sources.</param>
/// <param name="problems">Takes the items that cannot be embedded.</param>
internal sealed class BackfillSlices(
    StepRun run, BackfillNames backfill, BackfillSource source, Codebook codebook, ItemBlocks blocks, EmbedProblems problems)
{
    /// <summary>The count of items that get an ID.</summary>
    public const string GetsId = "to get an ID";

    private readonly IQueryEngine _engine = run.Engine;
    private readonly NewIds _ids = new(run, codebook, source.IdType);

    /// <summary>Items of the finished slices by the reason why they got no ID.</summary>
    public Dictionary<string, long> LeftOut { get; } = new(StringComparer.Ordinal);

    /// <summary>Embeddings written.</summary>
    public long Embedded { get; private set; }

    /// <summary>Does a slice.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="lease">Its lease, looked at before each commit.</param>
    /// <param name="progress">Gets how many of its items are embedded.</param>
    /// <exception cref="Core.OneRecException">An item cannot be embedded (exit 3).</exception>
    /// <exception cref="LeaseLostException">Another process took the slice over.</exception>
    public void Do(BackfillSlice slice, SliceLease lease, Action<KernelProgress> progress)
    {
        using IMaterializedRelation judged = Judge(source.Of(slice));
        IReadOnlyDictionary<string, long> counts = Counts(judged);
        IRelation wanted = Wanted(judged);
        var encoded = new List<IMaterializedRelation>();
        try
        {
            Encode(wanted, counts.GetValueOrDefault(GetsId), lease, progress, encoded);
            lease.Require();
            Stage(slice, wanted, encoded);
        }
        finally
        {
            encoded.ForEach(e => e.Dispose());
        }

        foreach ((string reason, long items) in counts.Where(c => c.Key != GetsId))
        {
            LeftOut[reason] = LeftOut.GetValueOrDefault(reason) + items;
        }
    }

    /// <summary>Number of all items by what becomes of them, and how many that get an ID have an embedding already.</summary>
    public (IReadOnlyDictionary<string, long> Items, long Stored) CountAll()
    {
        using IMaterializedRelation judged = Judge(source.Rows);
        IRelation stored = Of("stored_count.sql", ("wanted", Wanted(judged)), ("embedded", Embeddings()));
        return (Counts(judged), (long)RowReader.Read(_engine.Collect(stored))[0][0]!);
    }

    private IMaterializedRelation Judge(IRelation part) => _engine.Materialize(_engine.Sql(
        SqlScript.Load(typeof(BackfillSlices), "judged_items.sql").With("codebook_id", codebook.CodebookId),
        ("part", part),
        ("items", run.Input("items").Rows),
        ("semantic_ids", run.Output("semantic_ids").RowsOr(OneRecTables.SemanticIds(source.IdType)))));

    private IReadOnlyDictionary<string, long> Counts(IRelation judged) => RowReader
        .Read(_engine.Collect(_engine.Sql(SqlScript.Load(typeof(BackfillSlices), "judged_counts.sql"), ("judged", judged))))
        .ToDictionary(row => (string?)row[0] ?? GetsId, row => (long)row[1]!, StringComparer.Ordinal);

    // A script about the embeddings of the model.
    private IRelation Of(string script, params ReadOnlySpan<(string Name, IRelation Relation)> inputs) =>
        _engine.Sql(SqlScript.Load(typeof(BackfillSlices), script).With("model_id", codebook.ModelId), inputs);

    private IRelation Embeddings() => run.Output("item_embeddings").RowsOr(OneRecTables.ItemEmbeddings(source.IdType));

    private IRelation Wanted(IRelation judged) => _engine.Sql(
        SqlScript.Load(typeof(BackfillSlices), "wanted_items.sql").With("now", run.Clock.GetUtcNow()), ("judged", judged));

    private void Encode(IRelation wanted, long count, SliceLease lease, Action<KernelProgress> progress, List<IMaterializedRelation> encoded)
    {
        PinnedTable table = run.Output("item_embeddings");
        int size = blocks.SliceItems(_engine.Scale);
        using IMaterializedRelation todo = blocks.Slices(_engine, wanted, Embeddings(), codebook.ModelId, source.IdType, size);
        if (todo.Rows < count || count == 0)
        {
            // Before the others are embedded, or these would be among them.
            encoded.Add(_ids.Encode(Of("stored_embeddings.sql", ("embedded", Embeddings()), ("wanted", wanted))));
        }

        if (todo.Rows == 0)
        {
            return;
        }

        blocks.RejectDuplicates(_engine, todo);
        var append = new EmbeddingAppend(run, table.State?.Version, source.IdType, codebook.ModelId);
        Embedded += new EmbedSlices(run, todo, blocks, source.IdType, codebook.ModelId, append, problems)
        {
            Progress = progress,
            BeforeCommit = lease.Require,
            Committed = rows => encoded.Add(_ids.Encode(rows)),
        }.Run(size).Rows;
    }

    private void Stage(BackfillSlice slice, IRelation wanted, List<IMaterializedRelation> encoded)
    {
        IRelation all = encoded.Cast<IRelation>().Aggregate((some, others) => _engine.Sql(
            SqlScript.Load(typeof(BackfillSlices), "both.sql"), ("left_rows", some), ("right_rows", others)));
        IRelation rows = _engine.Sql(
            SqlScript.Load(typeof(BackfillSlices), "staged_rows.sql").With("slice", slice.Number), ("encoded", all), ("wanted", wanted));
        TableDefinition table = OneRecTables.StagedIds(backfill.Table, source.IdType);
        WriteResult result = run.TryWrite(rows, new TableWrite(table, new WriteMode.Append(), run.Note(complete: false)) { Once = backfill.Slice(slice) });
        if (result is WriteResult.Conflict)
        {
            result.RequireCommitted(table.Name);
        }
    }
}

/// <summary>The names of a backfill: its staging table, its leases, and the ids of its writes.</summary>
/// <param name="Id">A hash of catalogue, slices, codebook and model: the same command continues the same backfill.</param>
internal sealed record BackfillNames(string Id)
{
    /// <summary>The names of the backfill that has a staging table.</summary>
    public static BackfillNames OfTable(string table) => new(table[(StepRun.StagingFolder.Length + 1)..]);

    /// <summary>The staging table.</summary>
    public string Table => StepRun.StagingTable(Id);

    /// <summary>The leases, among the checkpoints.</summary>
    public string Leases => $"backfill-{Id}";

    /// <summary>The id of the commit that gives all slots.</summary>
    public string Closing => $"onerec/backfill/{Id}";

    /// <summary>The id of a slice's commit.</summary>
    public string Slice(BackfillSlice slice) => $"{Closing}/{slice.Name}";
}
