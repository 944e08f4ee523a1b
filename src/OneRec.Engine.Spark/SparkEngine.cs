using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine.Spark.Inputs;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Launch;
using OneRec.Engine.Spark.Relations;
using OneRec.Engine.Spark.Session;
using OneRec.Engine.Spark.Tables;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Remote;

namespace OneRec.Engine.Spark;

/// <summary>The engine on Apache Spark: Spark SQL, kernels in workers, tables through Delta Lake.</summary>
/// <remarks>
/// Relations are lazy data frames, except for the side inputs of <see cref="Map"/> and the checks of
/// <see cref="AttachVectors"/>, which run when the method is called.
/// </remarks>
public sealed class SparkEngine : IEngine
{
    /// <summary>The folder for kept relations, beside the tables.</summary>
    internal const string ScratchFolder = "_scratch";

    // A run removes what it finds in the other one.
    private const string SharedScratchFolder = "_scratch_shared";

    private const long AcceptedUserPairs = 1_000_000_000_000;

    private readonly SparkSession _session;
    private readonly SparkOwner? _owner;
    private readonly CancellationToken _cancellation;
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("onerec-spark-");
    private readonly List<IMaterializedRelation> _kept = [];
    private readonly DeltaTables _tables;
    private readonly DeltaWriter _writer;
    private readonly KernelMap _kernels;
    private readonly CsvFrame _csv;
    private readonly RowSource _rows;
    private readonly VectorFrameJoin _vectors;
    private readonly StageWatch _watch;
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly string _keptFolder;
    private long _keptFolders;
    private long _written;

    /// <summary>Creates an engine on a session that other engines may share.</summary>
    /// <param name="session">Stays open when the engine is disposed.</param>
    /// <param name="options">The tables folder, the worker and the memory of a task; the rest is set by the session.</param>
    public SparkEngine(SparkSession session, SparkOptions options)
        : this(session, options, owner: null, EngineAccess.Run, CancellationToken.None)
    {
    }

    private SparkEngine(SparkSession session, SparkOptions options, SparkOwner? owner, EngineAccess access, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(options);
        _session = session;
        _owner = owner;
        _keptFolder = access == EngineAccess.Run ? ScratchFolder : SharedScratchFolder;
        _cancellation = cancellation;
        _tables = new DeltaTables(session, options.Tables);
        _writer = new DeltaWriter(session, _tables);
        _kernels = new KernelMap(session, options.Worker, options.TaskMemory, new SideInputs(session, _scratch));
        _csv = new CsvFrame(session, _kernels);
        _rows = new RowSource(session, _scratch);
        _vectors = new VectorFrameJoin(session);
        _watch = new StageWatch(session.Context);
        _session.Reports.Arrived += Hear;
        Inputs = new SparkInputs(session, cancellation);
        Upkeep = new SparkUpkeep(session, _tables);
        Checkpoints = new SparkCheckpoints(session, _tables, "_checkpoints");
    }

    /// <inheritdoc/>
    public string Name => "spark";

    /// <inheritdoc/>
    public IReadOnlyList<TimeShare> Times => _session.Times.Shares(_session.TaskSlots);

    /// <inheritdoc/>
    public EngineBytes Bytes => new(_session.InputBytes(), _written);

    /// <inheritdoc/>
    public EngineScale Scale => new(_session.TaskSlots, _session.TaskCores, AcceptedUserPairs);

    /// <inheritdoc/>
    /// <remarks>Receives the tasks of stages that take more than a moment.</remarks>
    public Action<KernelProgress>? Progress { get; set; }

    /// <inheritdoc/>
    /// <remarks>Receives each line once, although every task of a kernel sends it.</remarks>
    public Action<string>? OnMessage { get; set; }

    /// <inheritdoc/>
    public ITableStore Tables => _tables;

    /// <inheritdoc/>
    public ITableUpkeep Upkeep { get; }

    /// <inheritdoc/>
    public ICheckpoints Checkpoints { get; }

    /// <inheritdoc/>
    public IInputStore Inputs { get; }

    /// <summary>Locks the tables and starts or joins Spark. Disposing the engine stops what it started.</summary>
    /// <param name="options">The setup.</param>
    /// <param name="access">Whether other processes write to the tables too: nothing is locked then.</param>
    /// <param name="cancellation">Ctrl-C: cancels Spark's jobs and the calls that wait for them.</param>
    /// <exception cref="Core.OneRecException">
    /// Spark is missing, has an unsupported version or Java, or does not start; or another run uses the tables (exit 4).
    /// </exception>
    public static SparkEngine Start(SparkOptions options, EngineAccess access, CancellationToken cancellation)
    {
        var owner = SparkOwner.Start(options, access, cancellation);
        return new SparkEngine(owner.Session, options, owner, access, cancellation);
    }

    /// <inheritdoc/>
    public IRelation ReadCsv(CsvFiles source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Guard(() => new SparkRelation(_csv.Read(source)));
    }

    /// <inheritdoc/>
    /// <remarks>Reads the files' lines to count them.</remarks>
    public IReadOnlyList<CsvPart> CsvParts(CsvFiles source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Guard(() => _csv.Parts(source), SparkTimes.Phase.Job);
    }

    /// <inheritdoc/>
    public IRelation ReadParquet(ParquetFiles source) => Guard(() => new SparkRelation(ParquetReader.Read(_session, source)));

    /// <inheritdoc/>
    public IRelation ReadDelta(DeltaFiles source) => Guard(() => new SparkRelation(ParquetReader.Read(_session, source)));

    /// <inheritdoc/>
    public IRelation ReadStored(TableColumns source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Guard(() => new SparkRelation(ParquetReader.Cast(_session, StoredTables.Frame(_session, source.Table), source.Columns)));
    }

    /// <inheritdoc/>
    public IRelation ReadTable(string table, long? version = null) => Guard(
        () =>
        {
            JvmObject reader = _session.Session.Get("read").Get("format", "delta");
            if (version is { } at)
            {
                reader = reader.Get("option", "versionAsOf", at.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            return new SparkRelation(reader.Get("load", _tables.PathOf(table)));
        },
        translate: e => _tables.LogFault(table, e));

    /// <inheritdoc/>
    public IRelation FromRows(Schema schema, IReadOnlyList<RecordBatch> rows) =>
        Guard(() => new SparkRelation(_rows.Make(schema, rows)));

    /// <inheritdoc/>
    public IRelation Sql(SqlScript script, params ReadOnlySpan<(string Name, IRelation Relation)> inputs)
    {
        (string, SparkRelation)[] named = Named(inputs);
        return Guard(() => new SparkRelation(SqlFrame.Run(_session, script, named)) { BatchRows = named.Min(n => n.Item2.BatchRows) });
    }

    /// <inheritdoc/>
    public IRelation Map(
        IRelation rows,
        KernelCall kernel,
        PartitionShape shape,
        params ReadOnlySpan<(string Name, IRelation Relation)> sides)
    {
        (string, SparkRelation)[] named = Named(sides);
        var input = SparkRelation.Of(rows);
        return Guard(() => new SparkRelation(_kernels.Map(input, kernel, shape, named)) { BatchRows = input.BatchRows });
    }

    /// <inheritdoc/>
    public IRelation MapParts(IRelation rows, KernelCall kernel, PartitionShape shape, (string Name, IRelation Relation) side)
    {
        var input = SparkRelation.Of(rows);
        var beside = SparkRelation.Of(side.Relation);
        return Guard(() => new SparkRelation(_kernels.MapParts(input, kernel, shape, (side.Name, beside))) { BatchRows = input.BatchRows });
    }

    /// <inheritdoc/>
    /// <remarks>Empty: Spark decides how to split a source, and the vectors of a slice are joined.</remarks>
    public IRelation VectorPlaces(VectorFiles source, IArrowType id) => FromRows(VectorFiles.Places(id), []);

    /// <inheritdoc/>
    public IRelation AttachVectors(IRelation rows, VectorFiles source) =>
        Guard(() => _vectors.Attach(SparkRelation.Of(rows), source, Inputs.Open));

    /// <inheritdoc/>
    /// <remarks>Empty: rows of files have no places on Spark.</remarks>
    public IRelation ImagePlaces(ImageFiles source, IArrowType id) => FromRows(VectorFiles.Places(id), []);

    /// <inheritdoc/>
    public IRelation AttachImages(IRelation rows, ImageFiles source) =>
        Guard(() => ImageFrameJoin.Attach(_session, SparkRelation.Of(rows), source));

    /// <inheritdoc/>
    public IMaterializedRelation Materialize(IRelation rows, ScratchLayout layout = default)
    {
        IMaterializedRelation kept = Act<IMaterializedRelation>(SparkTimes.Phase.Job, rows, own => layout.PartColumn is null
            ? MaterializedFrame.Materialize(_session, own, layout.SortBy ?? [])
            : MaterializedPartFrames.Materialize(_session, own, layout, NewScratchFolder()));
        _kept.Add(kept);
        return kept;
    }

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Collect(IRelation rows) => Act(SparkTimes.Phase.Job, rows, own => ArrowCollector.Read(own.Frame));

    /// <inheritdoc/>
    public WriteResult Write(IRelation rows, TableWrite write)
    {
        WriteResult result = Act(SparkTimes.Phase.Commit, rows, own => _writer.Write(own, write));
        _written += (result as WriteResult.Committed)?.Bytes ?? 0;
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Reports.Arrived -= Hear;
        _watch.Dispose();
        try
        {
            foreach (IMaterializedRelation kept in _kept)
            {
                kept.Dispose();
            }
        }
        catch (Exception e) when (e is JvmException or Core.OneRecException)
        {
            // A JVM that has ended keeps nothing. Files that it left are in the scratch folder, where a later run removes them.
        }

        _owner?.Dispose();
        _scratch.Delete(recursive: true);
    }

    private static (string Name, SparkRelation Relation)[] Named(ReadOnlySpan<(string Name, IRelation Relation)> relations)
    {
        var named = new (string, SparkRelation)[relations.Length];
        for (int i = 0; i < named.Length; i++)
        {
            named[i] = (relations[i].Name, SparkRelation.Of(relations[i].Relation));
        }

        return named;
    }

    private T Guard<T>(Func<T> call, SparkTimes.Phase phase = SparkTimes.Phase.Plan, Func<JvmException, Core.OneRecException>? translate = null) =>
        _session.Times.In(phase, () => SparkErrors.Guard(call, translate ?? _tables.Faults.Translate, _cancellation));

    /// <summary>Computes the rows of a relation.</summary>
    private T Act<T>(SparkTimes.Phase phase, IRelation rows, Func<SparkRelation, T> action) => Guard(
        () =>
        {
            var own = SparkRelation.Of(rows);
            using BatchRows? batches = BatchRows.Of(_session, own);
            return _watch.During(Progress, () => action(own));
        },
        phase);

    private void Hear(TaskReport report)
    {
        _session.Times.AddWorker(report.Seconds);
        foreach (string line in report.Messages)
        {
            bool isNew;
            lock (_told)
            {
                isNew = _told.Add(line);
            }

            if (isNew)
            {
                OnMessage?.Invoke(line);
            }
        }
    }

    private string NewScratchFolder() =>
        _tables.PathOf($"{_keptFolder}/{_scratch.Name}-{Interlocked.Increment(ref _keptFolders)}");
}
