using OneRec.Core;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Quantization;

/// <summary>Holds table <c>item_embeddings</c> against the hashes in <c>semantic_ids</c>: each ID was computed from an embedding that must still be there.</summary>
/// <remarks>
/// <c>item_embeddings</c> is append-only, so an item whose content changed still has the embedding that its ID was computed from. If it
/// has embeddings of the model, but none with that hash, one of them was damaged or replaced.
/// </remarks>
internal static class IdEmbeddings
{
    /// <summary>Checks the IDs of the published codebook, if it is of a model.</summary>
    /// <param name="run">The run; its plan lists <c>published</c>, <c>semantic_ids</c> and <c>item_embeddings</c>.</param>
    /// <param name="modelId">The model.</param>
    /// <exception cref="OneRecException">Table error <c>embeddings.changed</c>, naming an item.</exception>
    public static void RequirePublished(StepRun run, string modelId)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Input("published") is { State: not null } published
            && CodebookChoice.Published(run.Engine, published.Rows) is { } codebook && codebook.ModelId == modelId)
        {
            Require(run, codebook.CodebookId, modelId);
        }
    }

    /// <summary>Checks the IDs of a codebook.</summary>
    /// <param name="run">The run; its plan lists <c>semantic_ids</c> and <c>item_embeddings</c>.</param>
    /// <param name="codebookId">The codebook.</param>
    /// <param name="modelId">Its model.</param>
    /// <exception cref="OneRecException">Table error <c>embeddings.changed</c>, naming an item.</exception>
    public static void Require(StepRun run, string codebookId, string modelId)
    {
        ArgumentNullException.ThrowIfNull(run);
        PinnedTable ids = run.Input("semantic_ids");
        PinnedTable embeddings = run.Input("item_embeddings");
        if (ids.State is null || embeddings.State is null)
        {
            return;
        }

        IQueryEngine engine = run.Engine;
        IRelation rows = engine.Sql(
            SqlScript.Load(typeof(IdEmbeddings), "embeddings_with_ids.sql").With("model_id", modelId).With("codebook_id", codebookId),
            ("embeddings", embeddings.Rows),
            ("semantic_ids", ids.Rows));
        using IMaterializedRelation hashes = engine.Materialize(engine.Map(rows, EmbeddingHashKernel.Call(ids.IdType), PartitionShape.Any));
        object?[] changed = RowReader.Read(engine.Collect(engine.Sql(
            SqlScript.Load(typeof(IdEmbeddings), "changed_embeddings.sql").With("codebook_id", codebookId),
            ("semantic_ids", ids.Rows),
            ("hashes", hashes))))[0];
        if ((long)changed[0]! > 0)
        {
            throw OneRecException.Table(
                "embeddings.changed",
                $"item_embeddings: the embedding of item {changed[1]} differs from the one that its ID was computed from ({changed[0]} "
                    + $"{((long)changed[0]! == 1 ? "item" : "items")} in total); restore the table, or run 'onerec assign --set "
                    + $"codebook={codebookId} --set assign.changed=reassign' to give such items new IDs");
        }
    }
}
