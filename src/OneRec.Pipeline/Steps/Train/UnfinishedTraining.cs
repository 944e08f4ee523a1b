using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Train;

/// <summary>Rows of <c>quality</c> about trainings that were killed before their codebook was committed.</summary>
internal static class UnfinishedTraining
{
    /// <summary>Removes them; commits nothing where there are none.</summary>
    /// <param name="context">The run.</param>
    /// <param name="note">The note of such a commit, not complete.</param>
    /// <param name="codebookId">The codebook that is about to be committed: its rows are replaced, not removed.</param>
    public static void Remove(StepContext context, CommitNote note, string codebookId)
    {
        IEngine engine = context.Engine;
        if (engine.Tables.State("quality") is null)
        {
            return;
        }

        IRelation codebooks = engine.Tables.State("codebooks") is null
            ? engine.FromRows(OneRecTables.Codebooks().Schema, [])
            : engine.ReadTable("codebooks");
        SqlScript script = SqlScript.Load(typeof(UnfinishedTraining), "unfinished_training.sql").With("codebook_id", codebookId);
        foreach (object?[] row in RowReader.Read(engine.Collect(engine.Sql(
            script, ("quality", engine.ReadTable("quality")), ("codebooks", codebooks)))))
        {
            QualityRows.Remove(context, note, (string)row[0]!, (string)row[1]!);
        }
    }
}
