using Apache.Arrow;

namespace OneRec.Delta;

/// <summary>Merges small data files of the same partition into large ones, without changing a row.</summary>
/// <param name="table">The table.</param>
internal sealed class Compaction(DeltaTable table)
{
    /// <summary>Merges files in one commit, which may follow others that append.</summary>
    /// <param name="options">What is small, and how files are written.</param>
    /// <param name="userMetadata">Free text for the commit; null if there is none.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    public CompactionResult Run(CompactionOptions options, string? userMetadata, CancellationToken cancellation)
    {
        if (table.LatestSnapshot() is not { } snapshot)
        {
            return CompactionResult.None;
        }

        AddFile[][] groups = [.. Groups(snapshot, options)];
        if (groups.Length == 0 || options.DryRun)
        {
            return new CompactionResult(snapshot.Version, groups.Sum(g => g.Length), groups.Length);
        }

        Transaction transaction = table.BeginRearrangement(snapshot);
        int written = 0;
        foreach (AddFile[] group in groups)
        {
            using DataFileWriter writer = transaction.OpenWriter(new DataFileOptions { TargetFileBytes = long.MaxValue });
            foreach (RecordBatch batch in snapshot.Scan(files: group))
            {
                using (batch)
                {
                    cancellation.ThrowIfCancellationRequested();
                    writer.Write(batch);
                }
            }

            IReadOnlyList<DataFile> files = writer.Finish();
            transaction.Add(files);
            transaction.Remove(group);
            written += files.Count;
        }

        return transaction.Commit("OPTIMIZE", userMetadata: userMetadata, onConflict: OnConflict.RearrangeAfter) switch
        {
            CommitResult.Committed done => new CompactionResult(done.Version, groups.Sum(g => g.Length), written),
            _ => CompactionResult.None with { Conflict = true },
        };
    }

    // Files of a partition are taken in the log's order, so that rows keep theirs.
    private static IEnumerable<AddFile[]> Groups(Snapshot snapshot, CompactionOptions options)
    {
        IEnumerable<IGrouping<string, AddFile>> partitions = snapshot.Files.GroupBy(
            f => string.Join('\0', snapshot.PartitionColumns.Select(c => f.PartitionValues.GetValueOrDefault(c) is { } v ? $"{v.Length}:{v}" : "")),
            StringComparer.Ordinal);
        foreach (IGrouping<string, AddFile> partition in partitions)
        {
            var group = new List<AddFile>();
            foreach (AddFile file in partition.Where(f => f.Size < options.SmallBytes))
            {
                if (group.Sum(f => f.Size) + file.Size > options.TargetBytes)
                {
                    if (group.Count >= options.LeastFiles)
                    {
                        yield return [.. group];
                    }

                    group.Clear();
                }

                group.Add(file);
            }

            if (group.Count >= options.LeastFiles)
            {
                yield return [.. group];
            }
        }
    }
}

/// <summary>Which files a compaction merges.</summary>
public sealed record CompactionOptions
{
    /// <summary>Files below this size are merged. Default 64 MiB.</summary>
    public long SmallBytes { get; init; } = 64L << 20;

    /// <summary>Files are merged up to this size together. Default 256 MiB.</summary>
    public long TargetBytes { get; init; } = 256L << 20;

    /// <summary>Fewer files than these are left alone. Default 2.</summary>
    public int LeastFiles { get; init; } = 2;

    /// <summary>Whether to change nothing and only count. Default false.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What a compaction did.</summary>
/// <param name="Version">The table's version after it; -1 if there is no table or it lost a race.</param>
/// <param name="Merged">Files that were merged.</param>
/// <param name="Written">Files that they were merged into.</param>
public sealed record CompactionResult(long Version, int Merged, int Written)
{
    /// <summary>Nothing was merged.</summary>
    internal static CompactionResult None { get; } = new(-1, 0, 0);

    /// <summary>Whether another writer rewrote one of the files first; the table is as that writer left it.</summary>
    public bool Conflict { get; init; }
}
