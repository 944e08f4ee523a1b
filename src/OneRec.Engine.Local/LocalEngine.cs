using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Csv.Files;
using OneRec.Engine.Local.DuckDb;
using OneRec.Engine.Local.Relations;
using OneRec.Engine.Local.Vectors;
using OneRec.Kernels.Batches;

namespace OneRec.Engine.Local;

/// <summary>The embedded engine: DuckDB for SQL, kernels in this process, Delta tables through OneRec.Delta.</summary>
/// <remarks>
/// There is one partition, and kernels use all threads. Relations are views or streams of batches; only kernel output that
/// SQL reads afterwards goes through a scratch file.
/// </remarks>
public sealed class LocalEngine : IEngine
{
    private const long AcceptedUserPairs = 2_000_000_000;
    private const int WriteAttempts = 5;

    private readonly LocalSettings _settings;
    private readonly KernelRegistry _kernels;
    private readonly CancellationToken _cancellation;
    private readonly Scratch _scratch;
    private readonly DuckDbSession _session;
    private readonly DuckDbDialect _dialect = new();
    private readonly LocalTables _tables;
    private readonly VectorCursors _cursors = new();
    private bool _restricted;
    private long _written;

    /// <summary>Opens the engine on a folder of tables.</summary>
    /// <param name="settings">Folder, threads and memory.</param>
    /// <param name="kernels">The available kernels.</param>
    /// <param name="clock">Time of commits.</param>
    /// <param name="cancellation">Stops statements, kernels and writes.</param>
    /// <exception cref="Core.OneRecException">The folder cannot be written (exit 2), or another run uses it (exit 4).</exception>
    public LocalEngine(
        LocalSettings settings,
        KernelRegistry kernels,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _kernels = kernels;
        _cancellation = cancellation;
        _tables = new LocalTables(settings, clock, cancellation);
        Checkpoints = new LocalCheckpoints(Path.Combine(settings.Tables, ".checkpoints"));
        Upkeep = new LocalUpkeep(_tables, Path.Combine(settings.Tables, ".checksums"), settings.Threads, cancellation);
        try
        {
            _scratch = new Scratch(_tables.ScratchFolder);
            _session = new DuckDbSession(settings.Threads, settings.SqlMemory, _scratch.Folder, cancellation);
            _session.Explain = _tables.Reads.Explain;
            _scratch.Attach(_session);
        }
        catch
        {
            _scratch?.Dispose();
            _tables.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name => "local";

    /// <inheritdoc/>
    public IReadOnlyList<TimeShare> Times => [];

    /// <inheritdoc/>
    public EngineBytes Bytes => new(ProcessReads.Bytes(), _written);

    /// <inheritdoc/>
    public EngineScale Scale => new(1, _settings.Threads, AcceptedUserPairs);

    /// <inheritdoc/>
    public ITableStore Tables => _tables;

    /// <inheritdoc/>
    public ITableUpkeep Upkeep { get; }

    /// <inheritdoc/>
    public ICheckpoints Checkpoints { get; }

    /// <inheritdoc/>
    public Action<KernelProgress>? Progress { get; set; }

    /// <summary>Size limits of a batch of attached vectors.</summary>
    internal VectorLimits VectorLimits { get; init; } = VectorLimits.Default;

    /// <summary>Bytes of vectors in the row groups opened so far; a group opened twice counts twice.</summary>
    internal long VectorBytes => _cursors.Bytes;

    /// <inheritdoc/>
    public Action<string>? OnMessage { get; set; }

    /// <inheritdoc/>
    public IRelation ReadCsv(CsvFiles source)
    {
        ArgumentNullException.ThrowIfNull(source);
        CsvFile[] files = [.. source.Files.Select((file, n) => new CsvFile(file, source.Partitions?.Values[n] ?? [])
        {
            Encoding = source.Request.Encoding,
            Order = source.Orders?[n],
        })];
        var batches = new CsvBatches(source.Request, files, _settings.Threads, _cancellation);
        return new ProducedRelation(source.Request.Schema, batches.Read, _scratch);
    }

    /// <inheritdoc/>
    /// <remarks>A file is one part, told by its place.</remarks>
    public IReadOnlyList<CsvPart> CsvParts(CsvFiles source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return [.. source.Files.Select((_, n) => new CsvPart(n, 0, n, 0))];
    }

    /// <inheritdoc/>
    public IRelation ReadParquet(ParquetFiles source) => View(FileSelect.Of(source));

    /// <inheritdoc/>
    public IRelation ReadDelta(DeltaFiles source) => View(FileSelect.Of(source));

    /// <inheritdoc/>
    public IInputStore Inputs => LocalInputs.Instance;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: <see cref="LocalInputs"/> finds no such tables.</exception>
    public IRelation ReadStored(TableColumns source) => throw new NotSupportedException("the local engine has no catalogs");

    /// <inheritdoc/>
    public IRelation ReadTable(string table, long? version = null) => View(_tables.SelectOf(table, version));

    /// <inheritdoc/>
    public IRelation FromRows(Schema schema, IReadOnlyList<RecordBatch> rows) =>
        new ProducedRelation(schema, () => rows.Select(b => b.SliceShared(0, b.Length)), _scratch);

    /// <inheritdoc/>
    public IRelation Sql(SqlScript script, params ReadOnlySpan<(string Name, IRelation Relation)> inputs)
    {
        ArgumentNullException.ThrowIfNull(script);
        string[] names = new string[inputs.Length];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = inputs[i].Name;
        }

        bool ofUser = UserSqlCheck.Require(_session, script, names);
        string select = SqlRenderer.Render(script, _dialect);
        if (inputs.Length == 0)
        {
            return View(select);
        }

        var with = new List<string>(inputs.Length);
        foreach ((string name, IRelation relation) in inputs)
        {
            with.Add($"{_dialect.Name(name)} AS (SELECT * FROM {Own(relation).ViewName})");
        }

        if (ofUser && _settings.Access == EngineAccess.Read && !_restricted)
        {
            // A second wall behind the check: this session serves one query, which reads tables and scratch.
            // DuckDB compares the path as it is written for a read, with its characters escaped.
            _session.Restrict(new[] { _settings.Tables, _scratch.Folder }.SelectMany(f => new[] { f, DuckDbPaths.Literal(f) }).Distinct());
            _restricted = true;
        }

        return View($"WITH {string.Join(", ", with)} SELECT * FROM (\n{select}\n)");
    }

    /// <inheritdoc/>
    public IRelation Map(
        IRelation rows,
        KernelCall kernel,
        PartitionShape shape,
        params ReadOnlySpan<(string Name, IRelation Relation)> sides)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        // A single part has one number, by which there is nothing to sort.
        IReadOnlyList<string> order = shape.Parts == 1 ? [.. shape.SortBy.Except(shape.Keys)] : shape.SortBy;
        LocalRelation input = order.Count == 0 ? Own(rows) : Sorted(Own(rows), order);
        var open = new Dictionary<string, Func<IEnumerable<RecordBatch>>>(StringComparer.Ordinal);
        foreach ((string name, IRelation relation) in sides)
        {
            open.Add(name, Own(relation).Batches);
        }

        return new ProducedRelation(kernel.Output, () => Run(kernel, input, open), _scratch);
    }

    /// <inheritdoc/>
    public IRelation MapParts(IRelation rows, KernelCall kernel, PartitionShape shape, (string Name, IRelation Relation) side)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        IEnumerable<RecordBatch> Part(int number) => Run(
            kernel,
            Sorted(PartOf(Own(rows), shape.Keys[0], number), shape.SortBy),
            new() { [side.Name] = PartOf(Own(side.Relation), shape.Keys[0], number).Batches });
        return new ProducedRelation(kernel.Output, () => Enumerable.Range(0, shape.Parts).SelectMany(Part), _scratch);
    }

    /// <inheritdoc/>
    public IRelation VectorPlaces(VectorFiles source, IArrowType id) =>
        new ProducedRelation(VectorFiles.Places(id), () => Vectors.VectorPlaces.Read(source, id), _scratch);

    /// <inheritdoc/>
    public IRelation AttachVectors(IRelation rows, VectorFiles source)
    {
        var join = new VectorJoin(Own(rows), _cursors, source, VectorLimits, _cancellation);
        return new ProducedRelation(join.Schema, join.Batches, _scratch);
    }

    /// <inheritdoc/>
    public IRelation ImagePlaces(ImageFiles source, IArrowType id) =>
        new ProducedRelation(VectorFiles.Places(id), () => Images.ImagePlaces.Read(source, id), _scratch);

    /// <inheritdoc/>
    public IRelation AttachImages(IRelation rows, ImageFiles source) =>
        Images.ImageJoin.Attach(Own(rows), source, _settings.KernelMemory, _scratch, _cancellation);

    /// <inheritdoc/>
    public IMaterializedRelation Materialize(IRelation rows, ScratchLayout layout = default)
    {
        LocalRelation input = Own(rows);
        IReadOnlyList<string> order = layout.SortBy ?? [];
        if (layout.PartColumn is null)
        {
            LocalRelation sorted = order.Count == 0 ? input : Sorted(input, order);
            return MaterializedRelation.Write(_scratch, input.Schema, Cancellable(sorted.Batches()));
        }

        LocalRelation byPart = layout.IsByPart && order.Count == 0 ? input : Sorted(input, [layout.PartColumn, .. order]);
        int column = input.Schema.GetFieldIndex(layout.PartColumn);
        return MaterializedParts.Write(_scratch, input.Schema, Cancellable(byPart.Batches()), column);
    }

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Collect(IRelation rows) => Cancellable(Own(rows).Batches());

    /// <inheritdoc/>
    /// <remarks>A write that does not depend on existing rows is made again if another process commits first.</remarks>
    public WriteResult Write(IRelation rows, TableWrite write)
    {
        ArgumentNullException.ThrowIfNull(write);
        for (int attempt = 1; ; attempt++)
        {
            WriteResult result = _tables.Write(Cancellable(Own(rows).Batches()), write, _session);
            _written += (result as WriteResult.Committed)?.Bytes ?? 0;
            if (result is not WriteResult.Conflict || write.ReadVersion is not null || attempt == WriteAttempts)
            {
                return result;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cursors.Dispose();
        _session.Dispose();
        _scratch.Dispose();
        _tables.Dispose();
    }

    private static LocalRelation Own(IRelation relation) => relation as LocalRelation
        ?? throw new ArgumentException("the relation belongs to another engine", nameof(relation));

    private ViewRelation View(string select)
    {
        string name = _scratch.NewName("view");
        _session.Execute($"CREATE VIEW {name} AS {select}");
        return new ViewRelation(_session, name, _session.SchemaOf($"SELECT * FROM {name}"));
    }

    private ViewRelation PartOf(LocalRelation rows, string part, int number) => View(string.Create(
        CultureInfo.InvariantCulture, $"SELECT * FROM {rows.ViewName} WHERE {_dialect.Name(part)} = {number}"));

    private ViewRelation Sorted(LocalRelation rows, IReadOnlyList<string> order) => View(
        $"SELECT * FROM {rows.ViewName} ORDER BY "
        + string.Join(", ", order.Select(c => _dialect.Name(c) + " ASC NULLS FIRST")));

    private IEnumerable<RecordBatch> Run(
        KernelCall kernel,
        LocalRelation input,
        Dictionary<string, Func<IEnumerable<RecordBatch>>> sides)
    {
        var context = new KernelContext
        {
            Threads = _settings.Threads,
            MemoryBudget = _settings.KernelMemory,
            Cancellation = _cancellation,
            Progress = Progress,
            OnMessage = OnMessage,
            Sides = sides,
        };
        return WithOutputCheck(kernel, _kernels.Create(kernel).Run(DisposedAfterUse(input.Batches()), context));
    }

    // As in the worker of a Spark executor: a batch that differs from the declared output is refused here, not in a table.
    private static IEnumerable<RecordBatch> WithOutputCheck(KernelCall kernel, IEnumerable<RecordBatch> batches)
    {
        foreach (RecordBatch batch in batches)
        {
            OutputCheck.Require(kernel, batch);
            yield return batch;
        }
    }

    private IEnumerable<RecordBatch> DisposedAfterUse(IEnumerable<RecordBatch> batches)
    {
        foreach (RecordBatch batch in batches)
        {
            _cancellation.ThrowIfCancellationRequested();
            using (batch)
            {
                yield return batch;
            }
        }
    }

    private IEnumerable<RecordBatch> Cancellable(IEnumerable<RecordBatch> batches)
    {
        foreach (RecordBatch batch in batches)
        {
            _cancellation.ThrowIfCancellationRequested();
            yield return batch;
        }
    }
}

/// <summary>Settings of the local engine.</summary>
/// <param name="Tables">Folder of the tables, full path.</param>
/// <param name="Threads">Threads of SQL and of kernels, at least 1.</param>
/// <param name="MemoryBytes">The memory limit of the whole run.</param>
/// <param name="Access">Whether the folder is locked, and where scratch is.</param>
public sealed record LocalSettings(string Tables, int Threads, long MemoryBytes, EngineAccess Access = EngineAccess.Run)
{
    /// <summary>DuckDB's share, one half; beyond it DuckDB spills to disk.</summary>
    public long SqlMemory => MemoryBytes / 2;

    /// <summary>The share of a kernel, three eighths. The rest is for the runtime and for batches in flight.</summary>
    public long KernelMemory => MemoryBytes / 8 * 3;
}
