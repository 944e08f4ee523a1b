using System.Security.Cryptography;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>Holds a table against its log: every file is there with its size, its rows and its bytes, and the log itself is as it was written.</summary>
/// <param name="table">The table.</param>
internal sealed class Verification(DeltaTable table)
{
    private readonly List<TableFinding> _findings = [];
    private readonly SortedDictionary<string, string> _checksums = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Verifies the newest version.</summary>
    /// <param name="known">SHA-256 of files by path, as an earlier verification returned them.</param>
    /// <param name="threads">Files read at once.</param>
    /// <param name="progress">Gets the bytes read so far and their total.</param>
    /// <param name="cancellation">Ends the verification.</param>
    public TableVerdict Run(IReadOnlyDictionary<string, string> known, int threads, Action<long, long>? progress, CancellationToken cancellation)
    {
        VerifyLog(known);
        Snapshot? snapshot = null;
        try
        {
            snapshot = table.LatestSnapshot();
        }
        catch (OneRecException e)
        {
            Find(e.Code, e.Message);
        }

        if (snapshot is not null)
        {
            VerifyFiles(snapshot, known, threads, progress, cancellation);
        }

        return new TableVerdict(
            snapshot?.Version ?? -1, snapshot?.Files.Count ?? 0, _bytes, [.. _findings.DistinctBy(f => f.Message)], _checksums);
    }

    private void VerifyLog(IReadOnlyDictionary<string, string> known)
    {
        foreach ((long version, FileInfo file) in LogListing.Of(table.Folder).Files.OrderBy(f => f.Version))
        {
            string name = $"{LogPath.Folder}/{file.Name}";
            try
            {
                string hash;
                if (LogPath.TryCommit(file.Name, out _))
                {
                    byte[] content = ActionReader.BytesOf(table.Folder, version, file.FullName);
                    IReadOnlyList<TableAction> actions = ActionReader.ReadCommit(table.Folder, version, file.FullName, content);
                    CommitMetrics.RequireWhole(table.Folder, version, actions);
                    RequireSeal(name, version, content, actions, known);
                    hash = Convert.ToHexStringLower(SHA256.HashData(content));
                }
                else
                {
                    hash = CheckpointReader.Read(table.Folder, version, file.FullName, hashed: true).Sha256!;
                }

                Compare(name, hash, known, $"{table.Folder} version {version}: {name}", "delta.log-broken");
            }
            catch (OneRecException e)
            {
                Find(e.Code, e.Message);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Find("delta.log-broken", $"{table.Folder} version {version}: cannot read {name}; restore the file");
            }
        }
    }

    // The reader takes a commit without a seal for one of another writer.
    private void RequireSeal(string name, long version, byte[] content, IReadOnlyList<TableAction> actions, IReadOnlyDictionary<string, string> known)
    {
        bool ours = actions.OfType<CommitInfo>().FirstOrDefault()?.EngineInfo?.StartsWith(CommitMetrics.OwnEngine, StringComparison.Ordinal) == true;
        if (ours && !known.ContainsKey(name) && CommitSeal.IsRight(content) is null)
        {
            Find("delta.log-broken", $"{table.Folder} version {version}: {name} has no seal, which its writer gave it; restore the file");
        }
    }

    private void VerifyFiles(
        Snapshot snapshot, IReadOnlyDictionary<string, string> known, int threads, Action<long, long>? progress, CancellationToken cancellation)
    {
        long total = snapshot.Files.Sum(f => f.Size);
        long read = 0;
        var verdicts = new (string? Hash, OneRecException? Failure)[snapshot.Files.Count];
        Parallel.For(
            0,
            verdicts.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            i =>
            {
                verdicts[i] = Read(snapshot, snapshot.Files[i]);
                progress?.Invoke(Interlocked.Add(ref read, snapshot.Files[i].Size), total);
            });
        for (int i = 0; i < verdicts.Length; i++)
        {
            AddFile file = snapshot.Files[i];
            if (verdicts[i].Failure is { } failure)
            {
                Find(failure.Code, failure.Message);
            }
            else
            {
                _bytes += file.Size;
                if (file.Sha256 is null)
                {
                    Compare(file.DecodedPath, verdicts[i].Hash!, known, $"{snapshot.Folder} version {snapshot.Version}: {file.DecodedPath}", "delta.file-broken");
                }
            }
        }
    }

    // Its SHA-256; or what is wrong, as a reader of its rows would say it.
    private static (string? Hash, OneRecException? Failure) Read(Snapshot snapshot, AddFile file)
    {
        string where = $"{snapshot.Folder} version {snapshot.Version}: {file.DecodedPath}";
        try
        {
            string path = snapshot.FullPath(file);
            if (!File.Exists(path))
            {
                return (null, OneRecException.Table("delta.file-missing", $"{where} does not exist; restore the file"));
            }

            long size = new FileInfo(path).Length;
            if (size != file.Size)
            {
                return (null, OneRecException.Table("delta.file-broken", $"{where} has {size} bytes, but the log says {file.Size}; restore the file"));
            }

            snapshot.RequireChecksums(file);
            if (file.Sha256 is { } recorded)
            {
                return (recorded, null);
            }

            long rows = snapshot.RowsIn(file);
            return snapshot.StatisticsOf(file)?.NumRecords is { } counted && counted != rows
                ? (null, OneRecException.Table("delta.file-broken", $"{where} has {rows} rows, but the log says {counted}; restore the file"))
                : (StableHash.Sha256OfFile(path), null);
        }
        catch (OneRecException e)
        {
            return (null, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, SystemFailure.Of(e)?.At($"{where} cannot be read", e)
                ?? OneRecException.Table("delta.file-broken", $"{where} cannot be read; restore the file", e));
        }
    }

    // With what an earlier verification saw, where the file's writer recorded nothing.
    private void Compare(string name, string hash, IReadOnlyDictionary<string, string> known, string where, string code)
    {
        if (known.TryGetValue(name, out string? expected) && expected != hash)
        {
            Find(code, $"{where} differs from its checksum: it was changed since it was first verified; restore the file");
        }
        else
        {
            _checksums[name] = hash;
        }
    }

    private void Find(string code, string message) => _findings.Add(new TableFinding(code, message));
}

/// <summary>What a verification of a table found.</summary>
/// <param name="Version">The version; -1 if there is no table, or its log cannot be read.</param>
/// <param name="Files">Number of data files.</param>
/// <param name="Bytes">Their size together, of those that can be read.</param>
/// <param name="Findings">What is wrong; empty if nothing is.</param>
/// <param name="Checksums">SHA-256 of the files whose writer recorded none, by path; for the next verification.</param>
public sealed record TableVerdict(
    long Version, int Files, long Bytes, IReadOnlyList<TableFinding> Findings, IReadOnlyDictionary<string, string> Checksums);

/// <summary>Something wrong with a table.</summary>
/// <param name="Code">As of the error that a reader would get.</param>
/// <param name="Message">One line that names table, version and file, and what to do.</param>
public sealed record TableFinding(string Code, string Message);
