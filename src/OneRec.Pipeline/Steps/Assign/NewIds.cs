using Apache.Arrow.Types;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Assign;

/// <summary>IDs under a codebook for items that have none: their codes, then their slots.</summary>
/// <param name="run">The run; its plan pins table <c>codebooks</c>.</param>
/// <param name="codebook">The codebook.</param>
/// <param name="id">The type of <c>item_id</c>.</param>
internal sealed class NewIds(StepRun run, Codebook codebook, IArrowType id)
{
    /// <summary>The codes of embeddings.</summary>
    /// <param name="embedded"><c>item_id</c>, <c>embedding</c>.</param>
    /// <returns>The columns of <see cref="EncodeKernel"/>.</returns>
    public IMaterializedRelation Encode(IRelation embedded) => run.Engine.Materialize(run.Engine.Map(
        embedded,
        EncodeKernel.Call(id),
        PartitionShape.Any,
        (EncodeKernel.CodebookSide, CodebookTable.Relation(run.Engine, run.Input(CodebookChoice.Table).Rows, codebook.CodebookId))));

    /// <summary>Encoded items as rows of <c>semantic_ids</c>, with slots after the highest ones given so far.</summary>
    /// <param name="encoded">Encoded items, none of which has an ID.</param>
    /// <param name="existing">Rows of <c>semantic_ids</c>.</param>
    public IRelation Rows(IRelation encoded, IRelation existing)
    {
        IRelation highest = run.Engine.Sql(
            SqlScript.Load(typeof(NewIds), "highest_slots.sql").With("codebook_id", codebook.CodebookId),
            ("semantic_ids", existing));
        return run.Engine.Sql(
            SqlScript.Load(typeof(NewIds), "id_rows.sql")
                .With("now", run.Clock.GetUtcNow())
                .With("run_id", run.RunId)
                .With("codebook_id", codebook.CodebookId),
            ("encoded", encoded),
            ("highest", highest));
    }
}
