using System.Globalization;
using Apache.Arrow;
using OneRec.Delta;
using OneRec.Engine.Local.DuckDb;
using OneRec.Engine.Local.Relations;

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
    // No column of ours has this name.
    private const string FileNumber = "onerec file";

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
            case WriteMode.Rewrite rewrite when read is not null:
                Rewrite(transaction, read, (LocalRelation)rewrite.Removed);
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

    // A file with a row to remove is rewritten without it.
    private void Rewrite(Transaction transaction, Snapshot snapshot, LocalRelation removed)
    {
        var dialect = new DuckDbDialect();
        string keys = string.Join(", ", removed.Schema.FieldsList.Select(f => dialect.Name(f.Name)));
        string[] files = [.. snapshot.Files.Select((file, n) => string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {n} AS {dialect.Name(FileNumber)}, {keys} FROM ({SnapshotSelect.Of(snapshot, [file], KeySchema(snapshot, removed.Schema))})"))];
        if (files.Length == 0)
        {
            return;
        }

        string touched = $"SELECT DISTINCT CAST({dialect.Name(FileNumber)} AS INTEGER) AS n FROM ({string.Join(" UNION ALL ", files)}) AS stored "
            + $"SEMI JOIN {removed.ViewName} AS removed USING ({keys}) ORDER BY n";
        AddFile[] rewritten = [.. session.Stream(touched).SelectMany(Numbers).Select(n => snapshot.Files[n])];
        if (rewritten.Length == 0)
        {
            return;
        }

        transaction.Remove(rewritten);
        AddFiles(
            transaction,
            session.Stream($"SELECT stored.* FROM ({SnapshotSelect.Of(snapshot, rewritten)}) AS stored ANTI JOIN {removed.ViewName} AS removed USING ({keys})"));
    }

    private static Schema KeySchema(Snapshot snapshot, Schema keys) =>
        new(keys.FieldsList.Select(f => snapshot.Schema.GetFieldByName(f.Name)), null);

    private static IEnumerable<int> Numbers(RecordBatch batch)
    {
        using (batch)
        {
            var numbers = (Int32Array)batch.Column(0);
            return [.. Enumerable.Range(0, batch.Length).Select(i => numbers.GetValue(i)!.Value)];
        }
    }

    private Dictionary<string, string> Parameters() => new()
    {
        ["mode"] = write.Mode is WriteMode.Append ? "\"Append\"" : "\"Overwrite\"",
        ["partitionBy"] = System.Text.Json.JsonSerializer.Serialize(
            System.Text.Json.JsonSerializer.Serialize(write.Table.PartitionColumns)),
    };
}
