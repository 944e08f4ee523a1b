using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>A relation kept as Parquet with one folder per part, readable by every executor.</summary>
internal sealed class MaterializedPartFrames : SparkRelation, IMaterializedRelation
{
    // Spark splits files only between row groups: with small row groups several tasks can read a part; with the default size, one.
    private const string RowGroupBytes = "4194304";

    private readonly SparkSession _session;
    private readonly ScratchLayout _layout;
    private readonly string _folder;
    private bool _isDisposed;

    private MaterializedPartFrames(SparkSession session, JvmObject frame, Apache.Arrow.Schema schema, ScratchLayout layout, string folder)
        : base(frame, schema)
    {
        _session = session;
        _layout = layout;
        _folder = folder;
        Rows = (long)frame.Call("count")!;
    }

    /// <inheritdoc/>
    public long Rows { get; }

    /// <summary>Computes and keeps the rows.</summary>
    /// <param name="session">The session.</param>
    /// <param name="rows">What to keep.</param>
    /// <param name="layout">With a part column.</param>
    /// <param name="folder">A path on the file system of the tables that does not exist yet.</param>
    public static MaterializedPartFrames Materialize(SparkSession session, SparkRelation rows, ScratchLayout layout, string folder)
    {
        string part = layout.PartColumn!;
        JvmObject spread = rows.Frame.Get("repartition", session.ShufflePartitions, session.Columns([session.Column(part)]));
        JvmObject sorted = spread.Get(
            "sortWithinPartitions",
            session.Ascending(new[] { part }.Concat(layout.SortBy ?? [])));
        sorted.Get("write")
            .Get("option", "parquet.block.size", RowGroupBytes)
            .Get("partitionBy", session.Jvm.Array("java.lang.String", [part]))
            .Call("parquet", folder);

        // The part column moved from the files to the folder names; it gets back its place in the schema.
        using JvmObject type = session.Type(SparkTypes.ToJson(rows.Schema));
        JvmObject read = session.Session.Get("read").Get("schema", type)
            .Get("parquet", session.Jvm.Array("java.lang.String", [folder]))
            .Get("select", session.Columns(rows.Schema.FieldsList.Select(f => session.Column(f.Name))));
        return new MaterializedPartFrames(session, read, rows.Schema, layout, folder);
    }

    /// <inheritdoc/>
    public IRelation Part(int part)
    {
        // With a filter on the partition column, Spark reads only that folder.
        using JvmObject isPart = _session.Column(_layout.PartColumn!).Get("equalTo", part);
        JvmObject rows = Frame.Get("where", isPart);
        return new SparkRelation(_layout.SortBy is { Count: > 0 } sortBy
            ? rows.Get("orderBy", _session.Ascending(sortBy))
            : rows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            HadoopFiles.Delete(_session, _folder);
        }
    }
}
