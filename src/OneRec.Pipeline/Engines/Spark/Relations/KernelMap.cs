using OneRec.Kernels.Batches;
using OneRec.Kernels.Remote;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Engines.Spark.Jvm;
using OneRec.Pipeline.Engines.Spark.Session;

namespace OneRec.Pipeline.Engines.Spark.Relations;

/// <summary>Runs kernels in executors' workers by map over Arrow batches.</summary>
/// <param name="session">The session.</param>
/// <param name="worker">The worker's executable, as executors find it.</param>
/// <param name="taskMemory">Bytes that a task may hold.</param>
/// <param name="sides">Ships side inputs.</param>
internal sealed class KernelMap(SparkSession session, string worker, long taskMemory, SideInputs sides)
{
    private const int MapArrowIterator = 207;

    /// <summary>The data frame that a kernel makes of another.</summary>
    /// <remarks>Side inputs are collected now; the kernel runs when rows are asked for.</remarks>
    public JvmObject Map(
        SparkRelation rows,
        KernelCall kernel,
        PartitionShape shape,
        IReadOnlyList<(string Name, SparkRelation Relation)> sideInputs)
    {
        IJvm jvm = session.Jvm;
        List<JvmObject> broadcasts = [];
        var ids = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach ((string name, SparkRelation relation) in sideInputs)
        {
            JvmObject broadcast = session.Times.In(SparkTimes.Phase.Job, () => sides.Broadcast(relation));
            broadcasts.Add(broadcast);
            ids.Add(name, (long)broadcast.Call("id")!);
        }

        // An executor starts one process for each worker path and environment: the environment is always empty, and
        // what varies travels in the command.
        using JvmObject environment = jvm.HashMap([]);
        using JvmObject includes = jvm.List([]);
        using JvmObject broadcastList = jvm.List(broadcasts);
        using JvmObject function = jvm.New(
            "org.apache.spark.api.python.SimplePythonFunction",
            new WorkerCommand(kernel, ids, taskMemory).Write(),
            environment,
            includes,
            worker,
            WorkerCommand.VersionText(session.Release.Name),
            broadcastList,
            session.Reports.Accumulator);
        using JvmObject type = session.Type(SparkTypes.ToJson(kernel.Output));
        using JvmObject named = jvm.New(
            "org.apache.spark.sql.execution.python.UserDefinedPythonFunction",
            kernel.Name,
            function,
            type,
            MapArrowIterator,
            true);
        return session.Release.MapInArrow(Arrange(rows, shape), named, kernel.UsesGpu ? session.ScoringProfile : null);
    }

    private JvmObject Arrange(SparkRelation rows, PartitionShape shape)
    {
        JvmObject frame = rows.Frame;
        if (shape.Parts > 0)
        {
            frame = frame.Get("repartition", shape.Parts, session.Columns([PartPlacement.Column(session, shape)]));
        }
        else if (shape.IsEven)
        {
            // By a hash of the rows and not in turn: a task that is tried again gets the rows that it had.
            frame = frame.Get("repartition", session.TaskSlots, session.Columns([Hash(rows)]));
        }
        else if (shape.Keys is { Count: > 0 } keys)
        {
            // With a count of partitions Spark neither merges nor splits them afterwards.
            frame = frame.Get("repartition", session.ShufflePartitions, session.Columns(keys.Select(session.Column)));
        }

        return shape.SortBy is { Count: > 0 } sortBy
            ? frame.Get("sortWithinPartitions", session.Ascending(sortBy))
            : frame;
    }

    private JvmObject Hash(SparkRelation rows) => session.Expression(
        $"hash({string.Join(", ", rows.Schema.FieldsList.Select(f => SparkDialect.Instance.Name(f.Name)))})");
}
