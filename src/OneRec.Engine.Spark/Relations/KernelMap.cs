using System.Globalization;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Remote;

namespace OneRec.Engine.Spark.Relations;

/// <summary>Runs kernels in the workers of executors, as a map over Arrow batches.</summary>
/// <param name="session">The session.</param>
/// <param name="worker">The path of the worker on the executors.</param>
/// <param name="taskMemory">Memory of a task in bytes.</param>
/// <param name="sides">Broadcasts side inputs.</param>
internal sealed class KernelMap(SparkSession session, string worker, long taskMemory, SideInputs sides)
{
    private const int MapArrowIterator = 207;

    /// <summary>The data frame that a kernel produces from another.</summary>
    /// <remarks>Side inputs are collected now; the kernel runs when rows are requested.</remarks>
    public JvmObject Map(
        SparkRelation rows,
        KernelCall kernel,
        PartitionShape shape,
        IReadOnlyList<(string Name, SparkRelation Relation)> sideInputs)
    {
        List<JvmObject> broadcasts = [];
        var ids = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach ((string name, SparkRelation relation) in sideInputs)
        {
            JvmObject broadcast = session.Times.In(SparkTimes.Phase.Job, () => sides.Broadcast(relation));
            broadcasts.Add(broadcast);
            ids.Add(name, (long)broadcast.Call("id")!);
        }

        return Run(Arrange(rows, shape), new WorkerCommand(kernel, ids, taskMemory), broadcasts);
    }

    /// <summary>The data frame that a kernel produces from numbered parts, each with the rows of a second relation of that number.</summary>
    /// <remarks>Both are shuffled in one data frame, in which the rows of the second relation come first in each part.</remarks>
    public JvmObject MapParts(SparkRelation rows, KernelCall kernel, PartitionShape shape, (string Name, SparkRelation Relation) side)
    {
        var beside = new SideInputRows(side.Name);
        string part = shape.Keys[0];
        using JvmObject own = rows.Frame.Get("withColumn", beside.Marker, Number(SideInputRows.OfRows));
        IEnumerable<JvmObject> columns = side.Relation.Schema.FieldsList
            .Select(f => session.Column(f.Name).Get("as", f.Name == part ? part : beside.Column(f.Name)))
            .Append(Number(SideInputRows.OfSide).Get("as", beside.Marker));
        using JvmObject other = side.Relation.Frame.Get("select", session.Columns(columns));
        var both = new SparkRelation(own.Get("unionByName", other, true));
        PartitionShape sorted = shape with { SortBy = [part, beside.Marker, .. shape.SortBy.Skip(1)] };
        return Run(Arrange(both, sorted), new WorkerCommand(kernel, new Dictionary<string, long>(), taskMemory, beside), []);
    }

    private JvmObject Run(JvmObject frame, WorkerCommand command, IReadOnlyList<JvmObject> broadcasts)
    {
        IJvm jvm = session.Jvm;

        // An executor starts one process per worker path and environment. So the environment is always empty, and everything
        // that varies is in the command.
        using JvmObject environment = jvm.HashMap([]);
        using JvmObject includes = jvm.List([]);
        using JvmObject broadcastList = jvm.List(broadcasts);
        using JvmObject function = jvm.New(
            "org.apache.spark.api.python.SimplePythonFunction",
            command.Write(),
            environment,
            includes,
            worker,
            WorkerCommand.VersionText(session.Release.Name),
            broadcastList,
            session.Reports.Accumulator);
        using JvmObject type = session.Type(SparkTypes.ToJson(command.Call.Output));
        using JvmObject named = jvm.New(
            "org.apache.spark.sql.execution.python.UserDefinedPythonFunction",
            command.Call.Name,
            function,
            type,
            MapArrowIterator,
            true);
        return session.Release.MapInArrow(frame, named, command.Call.UsesGpu ? session.ScoringProfile : null);
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
            // By a hash of the rows, not round-robin: a task that is retried gets the same rows.
            frame = frame.Get("repartition", session.TaskSlots, session.Columns([Hash(rows)]));
        }
        else if (shape.Keys is { Count: > 0 } keys)
        {
            // With an explicit number of partitions, Spark neither merges nor splits them afterwards.
            frame = frame.Get("repartition", session.ShufflePartitions, session.Columns(keys.Select(session.Column)));
        }

        return shape.SortBy is { Count: > 0 } sortBy
            ? frame.Get("sortWithinPartitions", session.Ascending(sortBy))
            : frame;
    }

    private JvmObject Number(int value) => session.Expression(value.ToString(CultureInfo.InvariantCulture));

    private JvmObject Hash(SparkRelation rows) => session.Expression(
        $"hash({string.Join(", ", rows.Schema.FieldsList.Select(f => SparkDialect.Instance.Name(f.Name)))})");
}
