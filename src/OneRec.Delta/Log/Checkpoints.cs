using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>Writes checkpoints of a table: the state of a version in one file, so that readers need no older commits.</summary>
/// <remarks>
/// Delta protocol, "Checkpoints": one file in the classic form, then <c>_last_checkpoint</c> ("Last Checkpoint File"), a hint
/// for other readers. Both appear complete or not at all.
/// </remarks>
/// <param name="folder">The table.</param>
internal sealed class Checkpoints(TableFolder folder)
{
    private const string Hint = "_last_checkpoint";

    // Where the hint itself is damaged, it must not condemn the checkpoint.
    private const string HashOfHash = "onerec.sha256.check";

    // Delta Lake's has the table's columns as well, once a line of the protocol.
    private const long LongestHint = 16 << 20;

    // The default of Delta Lake's delta.checkpointInterval.
    private const long DefaultInterval = 10;

    // Delta Lake's default of delta.deletedFileRetentionDuration.
    private static readonly TimeSpan Tombstones = TimeSpan.FromDays(7);

    // No clock is moved back further than this.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    // No commit takes as long.
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private string Log => Path.Combine(folder.Path, LogPath.Folder);

    /// <summary>
    /// Writes a checkpoint if there are enough commits since the last one, and removes what killed commits left. The commit is
    /// done by then, so that a failure here is none of the commit: the next one tries again, and <c>maintain</c> tells.
    /// </summary>
    /// <param name="version">The version that was committed.</param>
    /// <param name="checkpoint">The newest checkpoint before the commit; -1 if there was none.</param>
    /// <param name="configuration">The table's properties.</param>
    public void AfterCommit(long version, long checkpoint, IReadOnlyDictionary<string, string> configuration)
    {
        try
        {
            if (version - Math.Max(checkpoint, 0) >= Interval(configuration))
            {
                Write(Snapshot.Load(folder.Path, version)!);
                RemoveAbandoned();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OneRecException)
        {
        }
    }

    /// <summary>Writes the checkpoint of a version, unless it has one.</summary>
    /// <exception cref="IOException">The disk reports an error.</exception>
    public void Write(Snapshot snapshot)
    {
        byte[] checkpoint = CheckpointWriter.Write(snapshot, folder.Clock.GetUtcNow() - Retention(snapshot.Configuration));
        string temporary = Path.Combine(Log, LogPath.NewTemporary());
        try
        {
            folder.Disk.Write(temporary, checkpoint);
            if (!folder.Disk.Link(temporary, Path.Combine(Log, LogPath.Checkpoint(snapshot.Version))))
            {
                return;
            }

            folder.Disk.SyncFolder(Log);
        }
        finally
        {
            folder.Disk.Delete(temporary);
        }

        WriteHint(snapshot, checkpoint);
    }

    /// <summary>The SHA-256 of a version's checkpoint, if <c>_last_checkpoint</c> has it from us; null otherwise.</summary>
    public static string? HashOf(string table, long version)
    {
        try
        {
            // A pipe has no length, and opening one waits for its writer.
            string path = Path.Combine(table, LogPath.Folder, Hint);
            if (new FileInfo(path).Length is 0 or > LongestHint)
            {
                return null;
            }

            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement hint = document.RootElement;
            return hint.GetProperty("version").GetInt64() == version
                && hint.GetProperty(AddFile.Sha256Tag).GetString() is { } hash && hint.GetProperty(HashOfHash).GetString() == Check(version, hash)
                    ? hash
                    : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            // A hint: what is wrong in it does not matter.
            return null;
        }
    }

    /// <summary>A duration of a table property, such as <c>interval 30 days</c>; a century if the text is of another form, or says more.</summary>
    private static TimeSpan Duration(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is not ["interval", var number, var unit]
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n))
        {
            return Longest;
        }

        double days = unit.TrimEnd('s') switch
        {
            "week" => 7.0 * n,
            "day" => n,
            "hour" => n / 24.0,
            "minute" => n / 1_440.0,
            "second" => n / 86_400.0,
            _ => Longest.TotalDays,
        };
        return TimeSpan.FromDays(Math.Min(days, Longest.TotalDays));
    }

    private static string Check(long version, string hash) => StableHash.Sha256($"{version} {hash}");

    private static TimeSpan Retention(IReadOnlyDictionary<string, string> configuration) =>
        configuration.GetValueOrDefault("delta.deletedFileRetentionDuration") is { } text ? Duration(text) : Tombstones;

    private static long Interval(IReadOnlyDictionary<string, string> configuration) =>
        configuration.GetValueOrDefault("delta.checkpointInterval") is { } text
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long interval) && interval > 0
            ? interval
            : DefaultInterval;

    private void WriteHint(Snapshot snapshot, byte[] checkpoint)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(checkpoint));
        var hint = new JsonObject
        {
            ["version"] = snapshot.Version,
            ["size"] = CheckpointWriter.Actions(snapshot),
            ["sizeInBytes"] = checkpoint.Length,
            ["numOfAddFiles"] = snapshot.Files.Count,
            [AddFile.Sha256Tag] = hash,
            [HashOfHash] = Check(snapshot.Version, hash),
        };
        string temporary = Path.Combine(Log, LogPath.NewTemporary());
        folder.Disk.Write(temporary, JsonSerializer.SerializeToUtf8Bytes(hint));
        folder.Disk.Rename(temporary, Path.Combine(Log, Hint));
    }

    private void RemoveAbandoned()
    {
        DateTime before = (folder.Clock.GetUtcNow() - Abandoned).UtcDateTime;
        foreach (FileInfo file in new DirectoryInfo(Log).EnumerateFiles().Where(f => LogPath.IsTemporary(f.Name) && f.LastWriteTimeUtc < before))
        {
            folder.Disk.Delete(file.FullName);
        }
    }
}
