using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>
/// Appends embeddings so that none is there twice: another process, such as a backfill beside a run, may have embedded the same items
/// since the table was read.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="read">The version in which the items to embed had no embedding; null if there was no table.</param>
/// <param name="id">The type of <c>item_id</c>.</param>
/// <param name="modelId">The model.</param>
internal sealed class EmbeddingAppend(StepRun run, long? read, IArrowType id, string modelId)
{
    private const string Table = "item_embeddings";
    private const int Attempts = 10;

    // The version that a table has before its first commit.
    private const long None = -1;

    private long _seen = read ?? None;
    private bool _othersWrote;

    /// <summary>Commits rows, without those that others have committed since.</summary>
    /// <param name="rows">Rows of the table, of items that had no embedding of the model in the version that was read.</param>
    /// <param name="note">The note of the commit.</param>
    /// <param name="count">Rows written.</param>
    /// <exception cref="OneRecException">Table error <c>table.conflict</c>: others were faster ten times in a row.</exception>
    public TableVersion Write(IRelation rows, CommitNote note, out long count)
    {
        TableDefinition table = OneRecTables.ItemEmbeddings(id);
        for (int attempt = 1; ; attempt++)
        {
            IRelation fresh = _othersWrote ? NotThere(rows, table) : rows;
            WriteResult result = run.TryWrite(fresh, new TableWrite(table, new WriteMode.Append(), note) { ReadVersion = _seen });
            if (result is not WriteResult.Conflict || attempt == Attempts)
            {
                WriteResult.Committed committed = result.RequireCommitted(Table);
                (_seen, count) = (committed.Version, committed.Rows);
                return new TableVersion(Table, committed.Version);
            }

            // What others committed may hold rows of any later commit too.
            _othersWrote = true;
        }
    }

    private IRelation NotThere(IRelation rows, TableDefinition table)
    {
        PinnedTable now = run.Output(Table);
        _seen = now.State?.Version ?? None;
        return run.Engine.Sql(
            SqlScript.Load(typeof(EmbeddingAppend), "rows_not_there.sql").With("model_id", modelId), ("fresh", rows), ("embedded", now.RowsOr(table)));
    }
}
