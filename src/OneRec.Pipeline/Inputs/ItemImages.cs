using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Texts;
using OneRec.Pipeline.Engine;
using OneRec.Scoring.Embedding;

namespace OneRec.Pipeline.Inputs;

/// <summary>The images of <c>input.images</c> where they are embedded: attached to items as bytes, or as paths.</summary>
internal sealed class ItemImages
{
    private readonly InputSource _source;
    private readonly bool _byPath;

    private ItemImages(InputSource source, bool byPath, string version)
    {
        _source = source;
        _byPath = byPath;
        Version = version;
    }

    /// <summary>Changes when the source does.</summary>
    public string Version { get; }

    /// <summary>The column that <see cref="Attach"/> adds.</summary>
    public string Column => _byPath ? ImageColumn.Paths : ImageColumn.Bytes;

    /// <summary>The folder that relative paths start from: that of the source.</summary>
    public string Root => File.Exists(_source.Files.Root) ? Path.GetDirectoryName(_source.Files.Root)! : _source.Files.Root;

    /// <summary>Looks at the source's columns.</summary>
    /// <exception cref="OneRecException">No source there, or without the columns that it needs (exit 3).</exception>
    public static ItemImages Open(InputOptions input)
    {
        InputSource source = InputSource.Open(
            InputFiles.Open("input.images", input.Images), input.Csv.MultiLine ?? true, input.Types);
        source.Require("item_id", "input.images");
        source.Require("position", "input.images");
        bool byPath = source.Columns.Contains("path", StringComparer.Ordinal);
        if (!byPath)
        {
            source.Require("image", "input.images");
        }

        if (!byPath && source.Files.Format == InputFormat.Csv)
        {
            throw OneRecException.Input(
                "input.format", $"{source.Files.First}: CSV holds no images; give their paths in a column 'path', or write Parquet");
        }

        return new ItemImages(source, byPath, InputVersion.Of(source.Files, input.Hash));
    }

    /// <summary>Where an item's images lie; null where that does not matter, since only paths are read.</summary>
    public IRelation? Places(IEngine engine, IArrowType id) =>
        _byPath ? null : engine.ImagePlaces(new ImageSource(_source.DataFiles), id);

    /// <summary>The rows with <see cref="Column"/>: an item's images in order of position, null where it has none.</summary>
    /// <remarks>What <c>ingest</c> judged a bad row is no image.</remarks>
    public IRelation Attach(IEngine engine, IRelation rows)
    {
        if (!_byPath)
        {
            return engine.AttachImages(rows, new ImageSource(_source.DataFiles));
        }

        IArrowType id = rows.Schema.GetFieldByName("item_id").DataType;
        ColumnType idType = id is Int64Type ? ColumnType.BigInt : ColumnType.Text;
        var columns = new SqlWriter("columns");
        SqlFragment list = columns.Fragment(string.Join(", ", [
            $"{columns.Typed(_source.Column("item_id"), idType)} AS item_id",
            $"{columns.Typed(_source.Column("position"), ColumnType.BigInt)} AS position",
            $"CAST({columns.Name("path")} AS STRING) AS path"]));
        IRelation paths = engine.Sql(
            list.Into(SqlScript.Load("image_paths.sql"), "columns"), ("images", _source.Read(engine)), ("items", rows));
        IRelation joined = engine.Map(paths, JoinTextsKernel.Call(id, "path", "\n"), PartitionShape.ByKey("item_id", "position"));
        string kept = string.Join(", ", rows.Schema.FieldsList.Select(f => "items." + f.Name));
        SqlScript script = new SqlScript(
            "SELECT {{kept}}, images.texts AS image_paths FROM items LEFT JOIN images ON items.item_id = images.item_id")
            .With("kept", new SqlArgument.Expression(kept));
        return engine.Sql(script, ("items", rows), ("images", joined));
    }
}
