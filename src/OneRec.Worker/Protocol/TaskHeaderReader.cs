using OneRec.Core;
using OneRec.Kernels.Remote;

namespace OneRec.Worker.Protocol;

/// <summary>Reads a task's header, up to its rows.</summary>
/// <remarks>
/// Written by <c>BasePythonRunner.WriterThread</c> in <c>core/.../api/python/PythonRunner.scala</c> and
/// <c>PythonUDFRunner.writeUDFs</c> in <c>sql/core/.../execution/python/PythonUDFRunner.scala</c>, Spark 3.5.3 and 4.0.5;
/// <c>docs/worker.md</c> has the table of fields.
/// </remarks>
public static class TaskHeaderReader
{
    /// <summary>Reads a header.</summary>
    /// <param name="from">At the task's first byte.</param>
    /// <param name="fetch">Fetches encrypted broadcasts; Spark waits for this before it sends more.</param>
    /// <returns>The header; null if Spark asks the worker to quit.</returns>
    /// <exception cref="OneRecException">Engine error: another protocol or release, or an unsupported kind of function.</exception>
    public static TaskHeader? Read(
        WireReader from,
        Func<int, string, IReadOnlyList<long>, IReadOnlyDictionary<long, Broadcast>> fetch)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(fetch);
        int partitionIndex = from.ReadInt();
        if (partitionIndex == -1)
        {
            return null;
        }

        TaskLayout layout = TaskLayout.Of(WorkerCommand.ReadVersionText(from.ReadText()));
        SkipBarrier(from);
        int stage = from.ReadInt();
        int partition = from.ReadInt();
        int attempt = from.ReadInt();
        long taskAttempt = from.ReadLong();
        int cpus = from.ReadInt();
        Dictionary<string, IReadOnlyList<string>> resources = ReadResources(from);
        Dictionary<string, string> properties = ReadPairs(from, "count of local properties");
        string files = from.ReadText();
        for (int left = from.ReadCount("count of includes"); left > 0; left--)
        {
            from.ReadText();
        }

        IReadOnlyDictionary<long, Broadcast> broadcasts = ReadBroadcasts(from, fetch);
        Require(from.ReadInt(), PythonEvalType.SqlMapArrowIterUdf, "kind of function");
        Dictionary<string, string> settings = ReadPairs(from, "count of settings");
        if (layout.HasProfiler && from.ReadBool())
        {
            from.ReadText();
        }

        Require(from.ReadInt(), 1, "count of functions");
        Require(from.ReadInt(), 1, "count of arguments");
        Require(from.ReadInt(), 0, "argument's column");
        Require(from.ReadInt(), 1, "count of chained functions");
        return new TaskHeader
        {
            Layout = layout,
            PartitionIndex = partitionIndex,
            StageId = stage,
            PartitionId = partition,
            AttemptNumber = attempt,
            TaskAttemptId = taskAttempt,
            Cpus = cpus,
            Resources = resources,
            LocalProperties = properties,
            FilesFolder = files,
            Broadcasts = broadcasts,
            Settings = settings,
            Command = from.ReadBytes(),
        };
    }

    // Flag, port and secret are always sent. Kernels do not use barriers, so a barrier task runs like any other.
    private static void SkipBarrier(WireReader from)
    {
        from.ReadBool();
        from.ReadInt();
        from.ReadText();
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadResources(WireReader from)
    {
        var resources = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        for (int left = from.ReadCount("count of resources"); left > 0; left--)
        {
            string key = from.ReadText();
            from.ReadText();
            string[] addresses = new string[from.ReadCount("count of addresses")];
            for (int i = 0; i < addresses.Length; i++)
            {
                addresses[i] = from.ReadText();
            }

            resources[key] = addresses;
        }

        return resources;
    }

    private static Dictionary<string, string> ReadPairs(WireReader from, string what)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int left = from.ReadCount(what); left > 0; left--)
        {
            string key = from.ReadText();
            pairs[key] = from.ReadText();
        }

        return pairs;
    }

    private static IReadOnlyDictionary<long, Broadcast> ReadBroadcasts(
        WireReader from,
        Func<int, string, IReadOnlyList<long>, IReadOnlyDictionary<long, Broadcast>> fetch)
    {
        bool encrypted = from.ReadBool();
        int count = from.ReadCount("count of broadcasts");
        (int port, string secret) = encrypted ? (from.ReadInt(), from.ReadText()) : (0, "");
        var inFiles = new Dictionary<long, Broadcast>();
        List<long> toFetch = [];
        for (; count > 0; count--)
        {
            // A negative id tells a pooled worker to drop broadcast -id - 1; our worker keeps none between tasks.
            long id = from.ReadLong();
            if (id >= 0 && encrypted)
            {
                toFetch.Add(id);
            }
            else if (id >= 0)
            {
                inFiles[id] = Broadcast.InFile(from.ReadText());
            }
        }

        return encrypted ? fetch(port, secret, toFetch) : inFiles;
    }

    private static void Require(int got, int expected, string what)
    {
        if (got != expected)
        {
            throw OneRecException.Engine(
                "worker.protocol",
                $"Spark sent {what} {got}, but the worker expects {expected}: it only runs kernels as maps over Arrow batches");
        }
    }
}

/// <summary>Kinds of functions, with Spark's numbers.</summary>
/// <remarks><c>core/src/main/scala/org/apache/spark/api/python/PythonRunner.scala</c> (object <c>PythonEvalType</c>).</remarks>
public static class PythonEvalType
{
    /// <summary><c>SQL_MAP_ARROW_ITER_UDF</c>: an iterator of Arrow batches to an iterator of Arrow batches.</summary>
    public const int SqlMapArrowIterUdf = 207;
}
