using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;
using OneRec.Kernels.Texts;

namespace OneRec.Inputs.Catalogue;

/// <summary>The images of <c>input.images</c>: their keys, and the version of each item's images.</summary>
/// <remarks>The images themselves are read only when they are embedded.</remarks>
internal static class CatalogueImages
{
    /// <summary>Adds <c>images_version</c> to the items, unless <c>input.imagesVersion</c> defines it.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="items">The catalogue's items.</param>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="id">The catalogue's id type.</param>
    /// <param name="bad">Receives bad rows if they are quarantined.</param>
    /// <exception cref="OneRecException">
    /// A column is missing; the first bad row, if they are not quarantined; an item has two images at a position (exit 3).
    /// </exception>
    public static IRelation Add(IQueryEngine engine, IRelation items, InputOptions input, IArrowType id, BadRowList bad)
    {
        ColumnType idType = id is Int64Type ? ColumnType.BigInt : ColumnType.Text;
        var images = ItemImages.Open(engine.Inputs, input);
        IMaterializedRelation kept = Read(engine, images, input, idType, bad);
        if (RowReader.Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(CatalogueImages), "repeated_image.sql"), ("images", kept)))).FirstOrDefault() is { } twice)
        {
            throw OneRecException.Input(
                "input.duplicate-image",
                $"{images.Source.Files.Root}: item {twice[0]} has {twice[2]} images at position {twice[1]}; positions of an item must be unique");
        }

        if (input.ImagesVersion is not null)
        {
            return items;
        }

        IRelation versions = engine.Sql(SqlScript.Load(typeof(CatalogueImages), "image_versions.sql"), ("images", kept));
        IRelation joined = engine.Map(
            versions, JoinTextsKernel.CallLines(id, "version"), PartitionShape.ByKey("item_id", "position"));
        return ItemFields.Replace(engine, items, "images_version", "coalesce(other.texts, '')", joined);
    }

    private static IMaterializedRelation Read(
        IQueryEngine engine, ItemImages images, InputOptions input, ColumnType idType, BadRowList bad)
    {
        InputSource source = images.Source;
        if (images.ByPath && input.Hash == InputHash.Content && input.ImagesVersion is null)
        {
            throw OneRecException.Configuration(
                "input.imagesVersion",
                "input.imagesVersion must be set if input.hash is content and input.images has paths, since the bytes of such images are not hashed");
        }

        var item = new ReadColumn(source.Column(input.Columns.ImageItem), idType, "ids");
        var position = new ReadColumn(source.Column(input.Columns.ImagePosition), ColumnType.BigInt, "positions");
        SourceRead read = source.Begin([item, position]);
        var columns = new SqlWriter("columns");
        string version = images.ByPath ? $"CAST({read.AsIs(columns, input.Columns.ImagePath)} AS STRING)"
            : input.ImagesVersion is null ? $"sha2({read.AsIs(columns, input.Columns.Image)}, 256)"
            : "CAST(NULL AS STRING)";
        SqlFragment list = columns.Fragment(string.Join(", ", [
            $"{read.Typed(columns, item)} AS item_id",
            $"{read.Typed(columns, position)} AS position",
            $"{version} AS version",
            $"{read.InvalidValues(columns)} AS invalid_values",
            .. read.SelectDetails(columns)]));
        SqlScript script = list.Into(SqlScript.Load(typeof(CatalogueImages), "image_items.sql"), "columns")
            .With("details_of_bad", read.BadRowDetails("bad"));
        IMaterializedRelation kept = read.Materialize(engine, rows => engine.Sql(script, ("images", rows)));
        read.ResolveAllBadRows(engine, kept, input.BadRows, bad);
        return kept;
    }
}
