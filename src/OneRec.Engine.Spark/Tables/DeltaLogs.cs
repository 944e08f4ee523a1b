using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Tables;

/// <summary>Commits of Delta tables, read from the files of their logs.</summary>
internal static class DeltaLogs
{
    /// <summary>The newest version that changed data, up to a given one.</summary>
    /// <remarks>If log clean-up has removed all data-changing commits, the oldest remaining commit stands for them.</remarks>
    public static long DataVersion(SparkSession session, string folder, long newest)
    {
        long oldest = newest;
        foreach (DeltaCommit commit in Commits(session, folder, newest))
        {
            if (commit.ChangesData)
            {
                return commit.Version;
            }

            oldest = commit.Version;
        }

        return oldest;
    }

    /// <summary>From the newest to the oldest commit in the log.</summary>
    public static IEnumerable<DeltaCommit> Commits(SparkSession session, string folder, long newest)
    {
        for (long version = newest; version >= 0; version--)
        {
            if (Commit(session, folder, version) is not { } commit)
            {
                yield break;
            }

            yield return commit;
        }
    }

    /// <summary>One commit; null if the log has no such file.</summary>
    public static DeltaCommit? Commit(SparkSession session, string folder, long version) =>
        HadoopFiles.TryRead(session, $"{folder}/_delta_log/{version:D20}.json") is { } file
            ? DeltaCommit.Read(folder, version, file)
            : null;
}
