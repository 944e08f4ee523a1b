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
    private static readonly DuckDbDialect Dialect = new();

    // No column of ours has this name.
    private const string FileNumber = "onerec file";

    private long _bytes;

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
            CommitResult.Committed committed => new WriteResult.Committed(committed.Version, written) { Bytes = _bytes },
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

        IReadOnlyList<DataFile> files = writer.Finish();
        _bytes += files.Sum(f => f.Size);
        transaction.Add(files);
        return writer.Rows;
    }

    // A file whose partition values match is removed as a whole; one that contains matching rows is rewritten without them; one
    // that only might, by its bounds, is left: a large file is not written again by each commit of keys that are in no order.
    private void Replace(Transaction transaction, Snapshot snapshot, IReadOnlyDictionary<string, string> equal)
    {
        AddFile[] candidates = [.. snapshot.FilesWhere([.. equal.Select(e => (e.Key, (object?)e.Value))])];
        if (equal.Keys.All(snapshot.PartitionColumns.Contains))
        {
            transaction.Remove(candidates);
            return;
        }

        string matches = string.Join(" AND ", equal.Select(
            e => $"{Dialect.Name(e.Key)} IS NOT DISTINCT FROM {Dialect.Text(e.Value)}"));
        Rewrite(transaction, snapshot, candidates, equal.Keys, $"WHERE {matches}", $"WHERE NOT ({matches})");
    }

    // A file with a row to remove is rewritten without it.
    private void Rewrite(Transaction transaction, Snapshot snapshot, LocalRelation removed)
    {
        string keys = string.Join(", ", removed.Schema.FieldsList.Select(f => Dialect.Name(f.Name)));
        string join = $"JOIN {removed.ViewName} AS removed USING ({keys})";
        Rewrite(transaction, snapshot, snapshot.Files, removed.Schema.FieldsList.Select(f => f.Name), $"SEMI {join}", $"ANTI {join}");
    }

    /// <summary>Replaces the files that hold a row by their rows that stay.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="snapshot">The snapshot that was read.</param>
    /// <param name="candidates">Files that may hold one.</param>
    /// <param name="columns">The columns by which rows are found.</param>
    /// <param name="found">What selects such rows from <c>stored</c>.</param>
    /// <param name="staying">What selects the others.</param>
    private void Rewrite(
        Transaction transaction, Snapshot snapshot, IReadOnlyList<AddFile> candidates, IEnumerable<string> columns, string found, string staying)
    {
        if (candidates.Count == 0)
        {
            return;
        }

        var keys = new Schema(columns.Select(c => snapshot.Schema.GetFieldByName(c)), null);
        IEnumerable<string> files = candidates.Select((file, n) => string.Create(
            CultureInfo.InvariantCulture, $"SELECT {n} AS {Dialect.Name(FileNumber)}, * FROM ({SnapshotSelect.Of(snapshot, [file], keys)})"));
        string numbers = $"SELECT DISTINCT CAST({Dialect.Name(FileNumber)} AS INTEGER) AS n "
            + $"FROM ({string.Join(" UNION ALL ", files)}) AS stored {found} ORDER BY n";
        AddFile[] touched = [.. session.Stream(numbers).SelectMany(Numbers).Select(n => candidates[n])];
        if (touched.Length == 0)
        {
            return;
        }

        transaction.Remove(touched);
        AddFiles(transaction, session.Stream($"SELECT stored.* FROM ({SnapshotSelect.Of(snapshot, touched)}) AS stored {staying}"));
    }

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
