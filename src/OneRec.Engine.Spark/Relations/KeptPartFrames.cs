using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>A relation kept as Parquet in one folder a part, where every executor reads it.</summary>
internal sealed class KeptPartFrames : SparkRelation, IKeptRelation
{
    // Spark splits a file between row groups: a part of more bytes is read by several tasks, one of the default size by one.
    private const string RowGroupBytes = "4194304";

    private readonly SparkSession _session;
    private readonly ScratchLayout _layout;
    private readonly string _folder;
    private bool _isDisposed;

    private KeptPartFrames(SparkSession session, JvmObject frame, Apache.Arrow.Schema schema, ScratchLayout layout, string folder)
        : base(frame, schema)
    {
        _session = session;
        _layout = layout;
        _folder = folder;
        Rows = (long)frame.Call("count")!;
    }

    /// <inheritdoc/>
    public long Rows { get; }

    /// <summary>Computes and keeps.</summary>
    /// <param name="session">The session.</param>
    /// <param name="rows">What to keep.</param>
    /// <param name="layout">With a part column.</param>
    /// <param name="folder">A path of the tables' file system that is not there yet.</param>
    public static KeptPartFrames Keep(SparkSession session, SparkRelation rows, ScratchLayout layout, string folder)
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

        // The part column moved from the files to the folders' names: its place in the schema is given back.
        using JvmObject type = session.Type(SparkTypes.ToJson(rows.Schema));
        JvmObject read = session.Session.Get("read").Get("schema", type)
            .Get("parquet", session.Jvm.Array("java.lang.String", [folder]))
            .Get("select", session.Columns(rows.Schema.FieldsList.Select(f => session.Column(f.Name))));
        return new KeptPartFrames(session, read, rows.Schema, layout, folder);
    }

    /// <inheritdoc/>
    public IRelation Part(int part)
    {
        // A filter on a folder's name reads no other folder.
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
