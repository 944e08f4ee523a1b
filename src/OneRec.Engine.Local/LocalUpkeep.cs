using System.Text.Json;
using OneRec.Core;
using OneRec.Delta;

namespace OneRec.Engine.Local;

/// <summary>The upkeep of the Delta tables of a local folder.</summary>
/// <param name="tables">The tables.</param>
/// <param name="checksums">Folder for the checksums of files whose writer recorded none.</param>
/// <param name="threads">Files read at once.</param>
/// <param name="cancellation">Stops before a commit, and between files.</param>
internal sealed class LocalUpkeep(LocalTables tables, string checksums, int threads, CancellationToken cancellation) : ITableUpkeep
{
    // As many commits as a reader may have to replay.
    private const long CheckpointAfter = 10;

    // Fewer small files do no harm, and a large one would be written again for each.
    private const int LeastFiles = 4;

    // Beside the checksums: the id of their table. No file has this name.
    private const string IdKey = "table id";
    private const int LeastDifference = 8;

    /// <inheritdoc/>
    public UpkeepOutcome? Maintain(string table, UpkeepPlan plan, CommitNote note)
    {
        if (tables.State(table) is not { } state)
        {
            return null;
        }

        DeltaTable delta = tables.At(table);
        if (plan.Checkpoint && !plan.DryRun)
        {
            delta.WriteCheckpoint();
        }

        CompactionResult merged = delta.Compact(new CompactionOptions { LeastFiles = LeastFiles, DryRun = plan.DryRun }, note.Write(), cancellation);
        if (merged.Conflict)
        {
            throw OneRecException.Table("table.conflict", $"{table}: another process rewrote the files first; run the command again");
        }

        if (!plan.DryRun && state.Version - (delta.LatestCheckpoint() ?? 0) >= CheckpointAfter)
        {
            delta.WriteCheckpoint();
        }

        IReadOnlyList<long> data = [.. delta.Vacuum(plan.Retention, plan.DryRun).Select(f => f.Bytes)];
        return new UpkeepOutcome(merged.Merged, merged.Written, data.Count, data.Sum(), delta.CleanUpLog(plan.LogRetention, plan.DryRun).Count);
    }

    /// <inheritdoc/>
    public long SmallFiles(string table)
    {
        try
        {
            return tables.At(table).Compact(new CompactionOptions { LeastFiles = LeastFiles, DryRun = true }).Merged;
        }
        catch (OneRecException)
        {
            // What is wrong with the table is told by who reads its rows.
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Drop(string table)
    {
        string folder = tables.At(table).Folder;
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Engine("table.drop", SystemFailure.Line($"cannot remove {folder}", e), e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> TablesIn(string folder)
    {
        string path = tables.At(folder).Folder;
        return Directory.Exists(path)
            ? [.. Directory.EnumerateDirectories(path).Select(d => $"{folder}/{Path.GetFileName(d)}").Order(StringComparer.Ordinal)]
            : [];
    }

    /// <inheritdoc/>
    public bool ChangedBefore(string table, DateTimeOffset time) =>
        tables.At(table).History().FirstOrDefault() is not { } newest || newest.Timestamp < time;

    /// <inheritdoc/>
    public TableVerification? Verify(string table, Action<long, long> progress)
    {
        DeltaTable delta = tables.At(table);
        if (!Directory.Exists(Path.Combine(delta.Folder, "_delta_log")))
        {
            return null;
        }

        string path = Path.Combine(checksums, table + ".json");
        Dictionary<string, string> known = Known(path);
        string? id = IdOf(delta) ?? known.GetValueOrDefault(IdKey);
        if (id is not null && known.TryGetValue(IdKey, out string? before) && AreDifferentTables(before, id))
        {
            known = [];
        }

        TableVerdict found = delta.Verify(known, threads, progress, cancellation);
        var recorded = new Dictionary<string, string>(found.Checksums);
        if (id is not null)
        {
            recorded[IdKey] = id;
        }

        Remember(path, recorded);
        return new TableVerification(found.Version, found.Files, found.Bytes, [.. found.Findings.Select(f => f.Message)]);
    }

    private static string? IdOf(DeltaTable delta)
    {
        try
        {
            return delta.LatestSnapshot()?.Metadata.Id;
        }
        catch (OneRecException)
        {
            // What is wrong with the log is a finding.
            return null;
        }
    }

    // A table that was removed and made again has another id altogether; damage changes a character or two.
    private static bool AreDifferentTables(string a, string b) => a.Length != b.Length || a.Zip(b).Count(c => c.First != c.Second) >= LeastDifference;

    private static Dictionary<string, string> Known(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(path)) ?? [] : [];
        }
        catch (JsonException)
        {
            // What was known is lost; the files as they are now are recorded again.
            return [];
        }
    }

    private static void Remember(string path, IReadOnlyDictionary<string, string> checksums)
    {
        try
        {
            DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(checksums));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Engine("verify.checksums", SystemFailure.Line($"cannot write {path}", e), e);
        }
    }
}
