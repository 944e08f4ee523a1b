using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;
using OneRec.Kernels.Texts;
using OneRec.Scoring.Embedding;

namespace OneRec.Inputs.Catalogue;

/// <summary>The images of <c>input.images</c>: attached to items as bytes, or as paths.</summary>
internal sealed class ItemImages
{
    private readonly InputHash _hash;

    private ItemImages(InputSource source, bool byPath, InputOptions input)
    {
        Source = source;
        ByPath = byPath;
        _hash = input.Hash;
        Within = input.ImagesRoot ?? Root;
    }

    /// <summary>The source, with columns <c>item_id</c>, <c>position</c> and <c>path</c> or <c>image</c>.</summary>
    public InputSource Source { get; }

    /// <summary>Whether it has paths of images rather than their bytes.</summary>
    public bool ByPath { get; }

    /// <summary>Changes when the source does.</summary>
    public string Version => InputVersion.Of(Source.Files, _hash);

    /// <summary>The column that <see cref="Attach"/> adds.</summary>
    public string Column => ByPath ? ImageColumn.Paths : ImageColumn.Bytes;

    /// <summary>The folder that relative paths start from: that of the source.</summary>
    public string Root => Source.Files.Folder;

    /// <summary>The folder that files must lie in: <c>input.imagesRoot</c>, otherwise that of the source.</summary>
    public string Within { get; }

    /// <summary>Opens the source and checks its columns.</summary>
    /// <exception cref="OneRecException">
    /// The source does not exist, or a required column is missing (exit 3); <c>input.imagesRoot</c> is not a folder (exit 2).
    /// </exception>
    public static ItemImages Open(IInputStore store, InputOptions input)
    {
        if (input.ImagesRoot is { } root && !Directory.Exists(root))
        {
            throw OneRecException.Configuration("input.imagesRoot", $"input.imagesRoot: the folder {root} does not exist; name one that does");
        }

        InputSource source = InputSource.Open(
            InputFiles.Open(store, "input.images", input.Images), input.Csv.Format(null, multiLine: true), input.Types);
        source.Require("item_id", "input.images");
        source.Require("position", "input.images");
        bool byPath = source.Columns.Contains("path", StringComparer.Ordinal);
        if (!byPath)
        {
            source.Require("image", "input.images");
        }

        if (!byPath && source.Files.Format is InputFormat.Csv or InputFormat.Json)
        {
            throw OneRecException.Input(
                "input.format", $"{source.Files.First}: text cannot contain images; give their paths in a column 'path', or use Parquet");
        }

        if (source.Files.Table is not null || (byPath && !source.Files.AreLocal))
        {
            throw OneRecException.Input(
                "input.format",
                $"input.images: {source.Files.Root} is not on a local disk, as a list of paths must be; list them in a local file, or "
                + "write the images themselves to Parquet files (column 'image')");
        }

        return new ItemImages(source, byPath, input);
    }

    /// <summary>The location of each item's images in the files; null if the source has paths, since then it does not matter.</summary>
    public IRelation? Places(IQueryEngine engine, IArrowType id) =>
        ByPath ? null : engine.ImagePlaces(new ImageFiles(Source.DataFiles), id);

    /// <summary>The rows with <see cref="Column"/>: an item's images in order of position, or null.</summary>
    /// <remarks>Rows that <c>ingest</c> rejects as bad are not images.</remarks>
    public IRelation Attach(IQueryEngine engine, IRelation rows)
    {
        if (!ByPath)
        {
            return engine.AttachImages(rows, new ImageFiles(Source.DataFiles));
        }

        IArrowType id = rows.Schema.GetFieldByName("item_id").DataType;
        ColumnType idType = id is Int64Type ? ColumnType.BigInt : ColumnType.Text;
        var item = new ReadColumn(Source.Column("item_id"), idType);
        var position = new ReadColumn(Source.Column("position"), ColumnType.BigInt);
        SourceRead read = Source.Begin([item, position]);
        var columns = new SqlWriter("columns");
        SqlFragment list = columns.Fragment(string.Join(", ", [
            $"{read.Typed(columns, item)} AS item_id",
            $"{read.Typed(columns, position)} AS position",
            $"CAST({read.AsIs(columns, "path")} AS STRING) AS path"]));
        IRelation paths = engine.Sql(
            list.Into(SqlScript.Load(typeof(ItemImages), "image_paths.sql"), "columns"), ("images", read.Rows(engine)), ("items", rows));
        IRelation joined = engine.Map(paths, JoinTextsKernel.CallLines(id, "path"), PartitionShape.ByKey("item_id", "position"));
        string kept = string.Join(", ", rows.Schema.FieldsList.Select(f => "items." + f.Name));
        SqlScript script = new SqlScript(
            "SELECT {{kept}}, images.texts AS image_paths FROM items LEFT JOIN images ON items.item_id = images.item_id")
            .With("kept", new SqlArgument.Expression(kept));
        return engine.Sql(script, ("items", rows), ("images", joined));
    }
}
