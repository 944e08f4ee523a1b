using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Train;

/// <summary>Rows of <c>quality</c> left by trainings that were killed before their codebook was committed.</summary>
internal static class UnfinishedTraining
{
    /// <summary>Removes these rows; commits nothing if there are none.</summary>
    /// <param name="run">The run.</param>
    /// <param name="note">The note for these commits, not complete.</param>
    /// <param name="codebookId">The codebook that is about to be committed: its rows are replaced, not removed.</param>
    public static void Remove(StepRun run, CommitNote note, string codebookId)
    {
        PinnedTable quality = run.Output("quality");
        if (quality.State is null)
        {
            return;
        }

        IRelation codebooks = run.Output(CodebookChoice.Table).RowsOr(OneRecTables.Codebooks());
        SqlScript script = SqlScript.Load(typeof(UnfinishedTraining), "unfinished_training.sql").With("codebook_id", codebookId);
        foreach (object?[] row in RowReader.Read(run.Engine.Collect(run.Engine.Sql(
            script, ("quality", quality.Rows), ("codebooks", codebooks)))))
        {
            QualityRows.Remove(run, note, (string)row[0]!, (string)row[1]!);
        }
    }
}
