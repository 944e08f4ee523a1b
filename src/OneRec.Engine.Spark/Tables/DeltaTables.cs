using Apache.Arrow;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Relations;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Tables;

/// <summary>The Delta tables of a run, through Delta Lake.</summary>
/// <param name="session">The session.</param>
/// <param name="folder">The folder of the tables: a path or URI.</param>
internal sealed class DeltaTables(SparkSession session, string folder) : ITableStore
{
    /// <summary>The table property with the version of the table layout.</summary>
    public const string SchemaProperty = "onerec.schema";

    /// <summary>The only layout version so far.</summary>
    public const string SchemaValue = "1";

    /// <summary>Translates failures that the tables cause.</summary>
    public TableFaults Faults { get; } = new(folder);

    /// <summary>The path of a table.</summary>
    public string PathOf(string table) => $"{folder.TrimEnd('/')}/{table}";

    /// <summary>The <c>DeltaLog</c> of a table; it may have no version yet.</summary>
    public JvmObject Log(string table) =>
        session.Jvm.GetStatic("org.apache.spark.sql.delta.DeltaLog", "forTable", session.Session, PathOf(table));

    /// <inheritdoc/>
    public TableState? State(string table) => session.Times.In(SparkTimes.Phase.Commit, () => Read(table));

    /// <inheritdoc/>
    public NotedCommit? NewestCommit(string table, string step) =>
        session.Times.In(SparkTimes.Phase.Commit, () => FindCommit(table, step));

    /// <inheritdoc/>
    public bool OthersChanged(string table, long after) =>
        session.Times.In(SparkTimes.Phase.Commit, () => FindOthers(table, after));

    /// <inheritdoc/>
    public long? VersionAt(string table, DateTimeOffset time) => session.Times.In(SparkTimes.Phase.Commit, () => FindVersion(table, time));

    /// <inheritdoc/>
    public IReadOnlySet<string> DoneOnce(string table) => session.Times.In(SparkTimes.Phase.Commit, () => Applications(table));

    /// <summary>Checks the layout of a table and returns the columns of its metadata.</summary>
    /// <exception cref="OneRecException">Table error <c>table.schema</c>: the table has another layout.</exception>
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

    /// <summary>The newest version, -1 if there is no table.</summary>
    public long Newest(string table)
    {
        using JvmObject snapshot = Latest(table);
        return (long)snapshot.Call("version")!;
    }

    /// <summary>Translates a failure to read a table's log, and names the commit that is damaged where one is.</summary>
    public OneRecException LogFault(string table, JvmException thrown)
    {
        OneRecException fault = Faults.OfLog(table, thrown);
        if (fault.Code != "delta.log-broken")
        {
            return fault;
        }

        try
        {
            long version = 0;
            while (DeltaLogs.Commit(session, PathOf(table), version) is not null)
            {
                version++;
            }

            return fault;
        }
        catch (OneRecException precise)
        {
            return precise;
        }
        catch (JvmException)
        {
            return fault;
        }
    }

    private JvmObject Latest(string table)
    {
        using JvmObject log = Log(table);
        using JvmObject none = session.Jvm.Option(null);
        return log.Get("update", false, none, none);
    }

    private TableState? Read(string table)
    {
        try
        {
            using JvmObject snapshot = Latest(table);
            long version = (long)snapshot.Call("version")!;
            if (version < 0)
            {
                return null;
            }

            using JvmObject metadata = snapshot.Get("metadata");
            return new TableState(version, DeltaLogs.DataVersion(session, PathOf(table), version), Schema(table, metadata));
        }
        catch (JvmException e)
        {
            throw LogFault(table, e);
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
            throw LogFault(table, e);
        }
    }

    private long? FindVersion(string table, DateTimeOffset time)
    {
        try
        {
            return Commits(table, Newest(table)).FirstOrDefault(c => c.Time <= time)?.Version;
        }
        catch (JvmException e)
        {
            throw LogFault(table, e);
        }
    }

    private bool FindOthers(string table, long after)
    {
        try
        {
            return Commits(table, Newest(table)).TakeWhile(c => c.Version > after).Any(c => c.ChangesData && c.Note is null);
        }
        catch (JvmException e)
        {
            throw LogFault(table, e);
        }
    }

    private HashSet<string> Applications(string table)
    {
        try
        {
            using JvmObject snapshot = Latest(table);
            if ((long)snapshot.Call("version")! < 0)
            {
                return [];
            }

            using JvmObject all = snapshot.Get("setTransactions");
            return [.. JvmCalls.Items(all).Cast<JvmObject>().Select(t => (string)t.Call("appId")!)];
        }
        catch (JvmException e)
        {
            throw LogFault(table, e);
        }
    }

    private IEnumerable<DeltaCommit> Commits(string table, long newest) => DeltaLogs.Commits(session, PathOf(table), newest);
}
