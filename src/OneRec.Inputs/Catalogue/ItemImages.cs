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
    private readonly InputColumns _columns;

    private ItemImages(InputSource source, bool byPath, InputOptions input)
    {
        Source = source;
        _columns = input.Columns;
        ByPath = byPath;
        _hash = input.Hash;
        Within = input.ImagesRoot ?? Root;
    }

    /// <summary>The source, with the columns of ids, positions and paths or images.</summary>
    public InputSource Source { get; }

    /// <summary>Whether it has paths of images rather than their bytes.</summary>
    public bool ByPath { get; }

    /// <summary>Changes when the source does, or when other columns of it are read.</summary>
    public string Version => VersionOf(Source.Files, _columns, _hash);

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
        source.Require(input.Columns.ImageItem, "input.columns.imageItem");
        source.Require(input.Columns.ImagePosition, "input.columns.imagePosition");
        bool byPath = source.Columns.Contains(input.Columns.ImagePath, StringComparer.Ordinal);
        if (!byPath)
        {
            source.Require(input.Columns.Image, "input.columns.image");
        }

        if (!byPath && source.Files.Format is InputFormat.Csv or InputFormat.Json)
        {
            throw OneRecException.Input(
                "input.format", $"{source.Files.First}: text cannot contain images; give their paths in a column '{input.Columns.ImagePath}', or use Parquet");
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

    private ImageFiles Files => new(Source.DataFiles)
    {
        IdColumn = _columns.ImageItem,
        PositionColumn = _columns.ImagePosition,
        ImageColumn = _columns.Image,
    };

    /// <summary>The version of a source, read by the columns that the options name.</summary>
    /// <param name="files">The source.</param>
    /// <param name="columns">Section <c>input.columns</c>.</param>
    /// <param name="hash">Option <c>input.hash</c>.</param>
    public static string VersionOf(InputFiles files, InputColumns columns, InputHash hash)
    {
        string[] names = [columns.ImageItem, columns.ImagePosition, columns.ImagePath, columns.Image];
        var usual = new InputColumns();
        string version = InputVersion.Of(files, hash);
        return names.SequenceEqual([usual.ImageItem, usual.ImagePosition, usual.ImagePath, usual.Image])
            ? version
            : StableHash.Sha256($"{version}\n{string.Join('\n', names)}");
    }

    /// <summary>The location of each item's images in the files; null if the source has paths, since then it does not matter.</summary>
    public IRelation? Places(IQueryEngine engine, IArrowType id) =>
        ByPath ? null : engine.ImagePlaces(Files, id);

    /// <summary>The rows with <see cref="Column"/>: an item's images in order of position, or null.</summary>
    /// <remarks>Rows that <c>ingest</c> rejects as bad are not images.</remarks>
    public IRelation Attach(IQueryEngine engine, IRelation rows)
    {
        if (!ByPath)
        {
            return engine.AttachImages(rows, Files);
        }

        IArrowType id = rows.Schema.GetFieldByName("item_id").DataType;
        ColumnType idType = id is Int64Type ? ColumnType.BigInt : ColumnType.Text;
        var item = new ReadColumn(Source.Column(_columns.ImageItem), idType);
        var position = new ReadColumn(Source.Column(_columns.ImagePosition), ColumnType.BigInt);
        SourceRead read = Source.Begin([item, position]);
        var columns = new SqlWriter("columns");
        SqlFragment list = columns.Fragment(string.Join(", ", [
            $"{read.Typed(columns, item)} AS item_id",
            $"{read.Typed(columns, position)} AS position",
            $"CAST({read.AsIs(columns, _columns.ImagePath)} AS STRING) AS path"]));
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
