using Apache.Arrow;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Relations;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Tables;

/// <summary>The Delta tables of a run, by Delta Lake's own log.</summary>
/// <param name="session">The session.</param>
/// <param name="folder">The folder of the tables: a path or URI.</param>
internal sealed class DeltaTables(SparkSession session, string folder) : ITableStore
{
    /// <summary>The table property that says which layout of ours a table has.</summary>
    public const string SchemaProperty = "onerec.schema";

    /// <summary>Its only value so far.</summary>
    public const string SchemaValue = "1";

    /// <summary>A table's place.</summary>
    public string PathOf(string table) => $"{folder.TrimEnd('/')}/{table}";

    /// <summary>A table's <c>DeltaLog</c>; it may have no version yet.</summary>
    public JvmObject Log(string table) =>
        session.Jvm.GetStatic("org.apache.spark.sql.delta.DeltaLog", "forTable", session.Session, PathOf(table));

    /// <inheritdoc/>
    public TableState? State(string table) => session.Times.In(SparkTimes.Phase.Commit, () => Read(table));

    /// <inheritdoc/>
    public NotedCommit? NewestCommit(string table, string step) =>
        session.Times.In(SparkTimes.Phase.Commit, () => FindCommit(table, step));

    /// <summary>The columns of a table's metadata, once it is seen to be a table of ours.</summary>
    /// <exception cref="OneRecException">Table error <c>table.schema</c>: another layout.</exception>
    public static Schema Schema(string table, JvmObject metadata)
    {
        using JvmObject properties = metadata.Get("configuration");
        string? layout = properties.Call("contains", SchemaProperty) is true ? properties.Call("apply", SchemaProperty) as string : null;
        if (layout != SchemaValue)
        {
            throw OneRecException.Table(
                "table.schema",
                $"tables/{table} has {SchemaProperty}={layout ?? "(not set)"}, this onerec reads {SchemaValue}: "
                + "use the onerec that wrote it, or another tables folder");
        }

        using JvmObject type = metadata.Get("schema");
        return SparkTypes.FromJson((string)type.Call("json")!);
    }

    /// <summary>The newest version, -1 where there is no table.</summary>
    public long Newest(string table)
    {
        using JvmObject log = Log(table);
        using JvmObject none = session.Jvm.Option(null);
        using JvmObject snapshot = log.Get("update", false, none, none);
        return (long)snapshot.Call("version")!;
    }

    private TableState? Read(string table)
    {
        try
        {
            using JvmObject log = Log(table);
            using JvmObject none = session.Jvm.Option(null);
            using JvmObject snapshot = log.Get("update", false, none, none);
            long version = (long)snapshot.Call("version")!;
            if (version < 0)
            {
                return null;
            }

            using JvmObject metadata = snapshot.Get("metadata");
            return new TableState(version, DataVersion(table, version), Schema(table, metadata));
        }
        catch (JvmException e)
        {
            throw SparkErrors.Translate(e);
        }
    }

    private NotedCommit? FindCommit(string table, string step)
    {
        try
        {
            DeltaCommit? found = Commits(table, Newest(table)).FirstOrDefault(c => c.ChangesData && c.Note?.Step == step);
            return found is null ? null : new NotedCommit(found.Version, found.Note!);
        }
        catch (JvmException e)
        {
            throw SparkErrors.Translate(e);
        }
    }

    // Where the log was cleaned before any data-changing commit is met, the oldest one left stands for those gone.
    private long DataVersion(string table, long newest)
    {
        long oldest = newest;
        foreach (DeltaCommit commit in Commits(table, newest))
        {
            if (commit.ChangesData)
            {
                return commit.Version;
            }

            oldest = commit.Version;
        }

        return oldest;
    }

    // From the newest down, as far as the log reaches.
    private IEnumerable<DeltaCommit> Commits(string table, long newest)
    {
        for (long version = newest; version >= 0; version--)
        {
            byte[]? file = HadoopFiles.TryRead(session, $"{PathOf(table)}/_delta_log/{version:D20}.json");
            if (file is null)
            {
                yield break;
            }

            yield return DeltaCommit.Read(version, file);
        }
    }
}
