using Apache.Arrow;
using OneRec.Delta;
using OneRec.Engine.Local.DuckDb;

namespace OneRec.Engine.Local;

/// <summary>Makes one commit from a write: adds new data files, removes replaced ones.</summary>
/// <remarks>
/// An append that does not depend on what was read is retried at the next version if it loses a race; any other write that
/// loses a race is a conflict.
/// </remarks>
internal sealed class TableCommit(
    DeltaTable table,
    Snapshot? read,
    TableWrite write,
    DuckDbSession session,
    CancellationToken cancellation)
{
    // Columns that other writers added are left alone: new rows have nulls there.
    private readonly Field[] _foreign = [.. (read?.Schema.FieldsList ?? [])
        .Where(f => f.IsNullable && write.Table.Schema.GetFieldIndex(f.Name) < 0 && !read!.PartitionColumns.Contains(f.Name))];

    /// <summary>Writes data files and commits.</summary>
    public WriteResult Make(IEnumerable<RecordBatch> rows)
    {
        TableShape own = LocalTables.ShapeOf(write.Table);
        Transaction transaction = table.Begin(
            read, own with { Schema = new Schema([.. own.Schema.FieldsList, .. _foreign], null) });
        long written = AddFiles(transaction, rows);
        switch (write.Mode)
        {
            case WriteMode.Overwrite:
                transaction.Remove(read?.Files ?? []);
                break;
            case WriteMode.Replace replace when read is not null:
                Replace(transaction, read, replace.Equal);
                break;
        }

        if (write.Once is { } once)
        {
            transaction.SetTransaction(once, 1);
        }

        cancellation.ThrowIfCancellationRequested();
        bool blind = write.Mode is WriteMode.Append && write.ReadVersion is null && read is not null;
        OnConflict others = blind ? OnConflict.AppendAfter : OnConflict.Fail;
        return transaction.Commit("WRITE", Parameters(), write.Note.Write(), others) switch
        {
            CommitResult.Committed committed => new WriteResult.Committed(committed.Version, written),
            CommitResult.Conflict conflict => new WriteResult.Conflict(conflict.Version),
            _ => throw new InvalidOperationException("unknown commit result"),
        };
    }

    private long AddFiles(Transaction transaction, IEnumerable<RecordBatch> rows)
    {
        using DataFileWriter writer = transaction.OpenWriter(
            new DataFileOptions { NullIfAbsent = [.. _foreign.Select(f => f.Name)] });
        foreach (RecordBatch batch in rows)
        {
            using (batch)
            {
                writer.Write(batch);
            }
        }

        transaction.Add(writer.Finish());
        return writer.Rows;
    }

    // A file whose partition values match is removed as a whole; one that may contain matching rows is rewritten without them.
    private void Replace(Transaction transaction, Snapshot snapshot, IReadOnlyDictionary<string, string> equal)
    {
        AddFile[] candidates = [.. snapshot.FilesWhere([.. equal.Select(e => (e.Key, (object?)e.Value))])];
        transaction.Remove(candidates);
        if (candidates.Length == 0 || equal.Keys.All(snapshot.PartitionColumns.Contains))
        {
            return;
        }

        var dialect = new DuckDbDialect();
        string matches = string.Join(" AND ", equal.Select(
            e => $"{dialect.Name(e.Key)} IS NOT DISTINCT FROM {dialect.Text(e.Value)}"));
        string kept = $"SELECT * FROM ({SnapshotSelect.Of(snapshot, candidates)}) WHERE NOT ({matches})";
        AddFiles(transaction, session.Stream(kept));
    }

    private Dictionary<string, string> Parameters() => new()
    {
        ["mode"] = write.Mode is WriteMode.Append ? "\"Append\"" : "\"Overwrite\"",
        ["partitionBy"] = System.Text.Json.JsonSerializer.Serialize(
            System.Text.Json.JsonSerializer.Serialize(write.Table.PartitionColumns)),
    };
}
