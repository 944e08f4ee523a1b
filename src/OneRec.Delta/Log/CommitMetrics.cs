using System.Globalization;
using System.Text.Json;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>
/// Holds a commit against what its writer counted (<c>operationMetrics</c>): a file that was cut at the end of a line is
/// valid JSON, and would be read as a smaller commit.
/// </summary>
/// <remarks>
/// Our own commits must agree exactly. Of other writers only those metrics count that mean the same in all of them: a writer
/// may drop empty files after counting them. A commit that was cut before its <c>commitInfo</c> cannot be told.
/// </remarks>
internal static class CommitMetrics
{
    /// <summary>The beginning of <c>engineInfo</c> in our own commits.</summary>
    public const string OwnEngine = "OneRec.Spark/";

    /// <summary>Requires that no action of a commit is missing.</summary>
    /// <param name="table">Names the table in errors.</param>
    /// <param name="version">The commit's version.</param>
    /// <param name="actions">Its actions.</param>
    /// <exception cref="OneRecException">Table error <c>delta.log-broken</c>, naming what is missing.</exception>
    public static void RequireWhole(string table, long version, IReadOnlyList<TableAction> actions)
    {
        if (actions.OfType<CommitInfo>().FirstOrDefault() is not { } info)
        {
            return;
        }

        AddFile[] adds = [.. actions.OfType<AddFile>()];
        int removes = actions.OfType<RemoveFile>().Count();
        if (info.EngineInfo?.StartsWith(OwnEngine, StringComparison.Ordinal) == true)
        {
            Require(Metric(info, "numFiles"), adds.Length, "files added");
            Require(Metric(info, "numRemovedFiles"), removes, "files removed");
            return;
        }

        if (removes == 0)
        {
            Require(Metric(info, "numRemovedFiles") ?? Metric(info, "num_removed_files"), 0, "files removed");
        }

        // Other operations count rows that they only copied; change data is counted too.
        if (info.Operation == "WRITE" && !actions.OfType<ChangeFile>().Any() && RowsOf(adds) is { } rows)
        {
            Require(Metric(info, "numOutputRows") ?? Metric(info, "num_added_rows"), rows, "rows");
        }

        void Require(long? counted, long there, string what)
        {
            if (counted > there)
            {
                throw OneRecException.Table(
                    "delta.log-broken",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{table} version {version}: {LogPath.Folder}/{LogPath.Commit(version)} is cut off: it has {there} of the "
                        + $"{counted} {what} that its writer counted; restore the file"));
            }
        }
    }

    private static long? Metric(CommitInfo info, string name) =>
        info.Metrics.GetValueOrDefault(name) is { } text
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : null;

    // Null if a file has no count.
    private static long? RowsOf(IEnumerable<AddFile> files)
    {
        long rows = 0;
        foreach (AddFile file in files)
        {
            if (RowsOf(file.StatsJson) is not { } more)
            {
                return null;
            }

            rows += more;
        }

        return rows;
    }

    private static long? RowsOf(string? stats)
    {
        if (string.IsNullOrEmpty(stats))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(stats);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("numRecords", out JsonElement n)
                && n.ValueKind == JsonValueKind.Number && n.TryGetInt64(out long rows)
                    ? rows
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
