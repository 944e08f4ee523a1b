using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;
using OneRec.Inputs.Vectors;

namespace OneRec.Inputs.Catalogue;

/// <summary>The catalogue's items, read once and checked. Each id occurs once.</summary>
public sealed class ItemCatalogue : IDisposable
{
    private readonly List<IMaterializedRelation> _kept;

    private ItemCatalogue(List<IMaterializedRelation> kept, IRelation items, InputSource source, CatalogueLayout layout, BadRowList bad)
    {
        _kept = kept;
        Items = items;
        Origin = source;
        Types = layout.Types;
        Notices = layout.Notices;
        ItemIds = new ItemIds(IdType, Source) { Column = layout.IdColumn is { } column ? (source, column) : null };
        BadRows = bad.Rows;
    }

    /// <summary>
    /// <c>item_id</c> (BIGINT or STRING); <c>title</c>, <c>caption</c>, <c>tags</c>, <c>asr</c>, <c>ocr</c>,
    /// <c>tokens_version</c>, <c>images_version</c>, <c>slice</c> (STRING or null); <c>deleted</c> INT, 1 for a deleted item.
    /// </summary>
    public IRelation Items { get; }

    /// <summary>Number of items; at least 1.</summary>
    public long Count { get; private init; }

    /// <summary>Number of rows skipped because <c>ingest.version</c> is higher in another row of the same id.</summary>
    public long Superseded { get; private init; }

    /// <summary>Rows that were excluded because they could not be parsed; empty if bad rows are an error.</summary>
    public IReadOnlyList<BadRow> BadRows { get; }

    /// <summary>The type of item ids.</summary>
    public IArrowType IdType => IdTypeOf(_kept[0]);

    /// <summary>The item ids.</summary>
    public ItemIds ItemIds { get; }

    /// <summary>The path, for messages.</summary>
    public string Source => Origin.Files.Root;

    /// <summary>The typed columns, as stored in <c>runs</c>.</summary>
    public string Types { get; }

    /// <summary>Notes for the user about the columns' types; one line each.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>The files.</summary>
    internal InputSource Origin { get; }

    /// <summary>The versions of the catalogue's files as inputs of a plan.</summary>
    /// <param name="store">The file systems and catalogs of the engine.</param>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="clock">For the reader of a Delta table.</param>
    /// <exception cref="OneRecException">A path is not set, or does not exist.</exception>
    public static IEnumerable<(string Name, string Version)> Versions(IInputStore store, InputOptions input, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(input);
        yield return ("catalogue", InputVersion.Of(Files(store, input), input.Hash));
        if (input.Tags is not null)
        {
            yield return ("tags", InputVersion.Of(InputFiles.OpenAll(store, "input.tags", input.Tags), input.Hash));
        }

        if (input.Images is not null)
        {
            yield return ("images", ItemImages.VersionOf(InputFiles.Open(store, "input.images", input.Images), input.Columns, input.Hash));
        }

        if (CatalogueVectors.AreHashed(input))
        {
            yield return ("tokens", VectorInput.Open(store, input, clock).Version);
        }
    }

    /// <summary>The options that define items, as parameters of a plan.</summary>
    public static JsonObject Parameters(InputOptions input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var parameters = new JsonObject
        {
            ["item_id"] = input.ItemFields.ItemId,
            ["fields"] = new JsonObject(input.ItemFields.Texts().Select(
                f => KeyValuePair.Create<string, JsonNode?>(f.Field, f.Expression))),
            ["deleted"] = input.Deleted,
            ["tokensVersion"] = input.TokensVersion,
            ["tags"] = input.Tags is null ? null : new JsonArray(input.Columns.TagItem, input.Columns.Tag),
            ["multiLine"] = input.Csv.Items.MultiLine ?? input.Csv.MultiLine ?? true,
            ["types"] = InputPlan.Types(input),
        };
        if (input.Images is not null || input.ImagesVersion is not null)
        {
            parameters["imagesVersion"] = input.ImagesVersion ?? "";
        }

        input.Csv.AddTo(parameters, input.Csv.Items);
        if (input.Tags is not null && input.Csv.Tags != new CsvInputOptions())
        {
            var tags = new JsonObject();
            input.Csv.AddTo(tags, input.Csv.Tags);
            parameters["tagsCsv"] = tags;
        }

        InputPlan.AddBadRows(parameters, input);
        return parameters;
    }

    /// <summary>Checks the catalogue's files, columns and first rows.</summary>
    /// <exception cref="OneRecException">Exit 3, naming the file: a missing file or column.</exception>
    public static void Require(IInputStore store, InputOptions input, string? version)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(input);
        _ = Inspect(store, input, version);
    }

    /// <summary>The item ids by the catalogue's first rows; null if there is no catalogue, or an expression gives the ids.</summary>
    /// <param name="store">The file systems and catalogs of the engine.</param>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="version">Option <c>ingest.version</c>.</param>
    /// <exception cref="OneRecException">The catalogue cannot be read (exit 3).</exception>
    public static ItemIds? FirstIds(IInputStore store, InputOptions input, string? version)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Items is null)
        {
            return null;
        }

        (InputSource source, CatalogueLayout layout) = Inspect(store, input, version);
        return layout.IdColumn is { } column ? ItemIds.Of(source, column) : null;
    }

    /// <summary>Reads the catalogue.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="version">The column whose highest value marks the latest row of an id; null: a duplicate id is an error.</param>
    /// <param name="clock">For the reader of a Delta table.</param>
    /// <param name="slices">How items are divided; null: they are not.</param>
    /// <exception cref="OneRecException">
    /// Exit 3, naming the file: a missing file or column, the first bad row, a duplicate id, or no items.
    /// Exit 2: an SQL expression is invalid for the catalogue's columns.
    /// </exception>
    public static ItemCatalogue Open(
        IQueryEngine engine, InputOptions input, string? version, TimeProvider clock, CatalogueSlices? slices = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(input);
        (InputSource source, CatalogueLayout layout) = Inspect(engine.Inputs, input, version, slices);
        var bad = new BadRowList(source.Files.Root);
        List<IMaterializedRelation> kept = [Read(engine, source, layout, input, slices)];
        try
        {
            (long good, long ids) = Check(engine, kept[0], source, layout, input, bad);
            IRelation items = engine.Sql(SqlScript.Load(typeof(ItemCatalogue), "good_items.sql"), ("items", kept[0]));
            if (ids < good)
            {
                items = Latest(engine, items, kept, source, version, good - ids);
            }

            items = input.Tags is null
                ? items
                : ItemFields.Replace(engine, items, "tags", "other.texts", CatalogueTags.Read(engine, input, IdTypeOf(kept[0]), bad));
            items = input.Images is null ? items : CatalogueImages.Add(engine, items, input, IdTypeOf(kept[0]), bad);
            items = CatalogueVectors.AreHashed(input) ? CatalogueVectors.Add(engine, items, input, IdTypeOf(kept[0]), kept, clock) : items;
            return new ItemCatalogue(kept, items, source, layout, bad) { Count = ids, Superseded = good - ids };
        }
        catch
        {
            kept.ForEach(k => k.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.ForEach(k => k.Dispose());

    private static (InputSource Source, CatalogueLayout Layout) Inspect(
        IInputStore store, InputOptions input, string? version, CatalogueSlices? slices = null)
    {
        InputSource source = InputSource.Open(Files(store, input), input.Csv.Format(input.Csv.Items, multiLine: true), input.Types);
        source = slices?.Prune(source) ?? source;
        return (source, CatalogueLayout.Of(source, input, version, slices));
    }

    private static InputFiles Files(IInputStore store, InputOptions input) => InputFiles.OpenAll(store, "input.items", input.Items);

    private static IMaterializedRelation Read(
        IQueryEngine engine, InputSource source, CatalogueLayout layout, InputOptions input, CatalogueSlices? slices) => UserSqlErrors.Explained(
        slices?.Expression is null ? "input.itemFields or input.deleted" : $"input.itemFields, input.deleted or {slices.Option}",
        "input.itemFields",
        source.Columns,
        () => source.StrayNotice([input.Deleted, input.ItemFields.ItemId]),
        () => layout.Source.Materialize(engine, rows => layout.Read(engine, rows)));

    private static IArrowType IdTypeOf(IRelation items) => items.Schema.GetFieldByName("item_id").DataType;

    /// <summary>Counts the good rows and their distinct ids.</summary>
    private static (long Good, long Ids) Check(
        IQueryEngine engine, IRelation items, InputSource source, CatalogueLayout layout, InputOptions input, BadRowList bad)
    {
        object?[] counts = One(engine, "items_counts.sql", items)!;
        (long rows, long badRows, long ids) = ((long)counts[0]!, (long)counts[1]!, (long)counts[2]!);
        if (rows == 0)
        {
            throw OneRecException.Input("input.empty", $"{source.Files.Root} has no items");
        }

        layout.Source.ResolveBadRows(engine, items, "bad", 1, badRows, input.BadRows, bad);
        return rows > badRows
            ? (rows - badRows, ids)
            : throw OneRecException.Input("input.empty", $"{source.Files.Root} has no items: none of its {rows} rows can be parsed");
    }

    private static IMaterializedRelation Latest(
        IQueryEngine engine, IRelation items, List<IMaterializedRelation> kept, InputSource source, string? version, long spare)
    {
        if (version is null)
        {
            object?[] repeated = One(engine, "repeated_item.sql", items)!;
            throw OneRecException.Input(
                "input.duplicate-item",
                $"{source.Files.Root}: item {repeated[0]} occurs {repeated[1]} times ({spare} extra {(spare == 1 ? "row" : "rows")} in total); "
                    + "each item must occur once: remove the others, or set ingest.version to a column that marks the latest");
        }

        IMaterializedRelation latest = engine.Materialize(engine.Sql(SqlScript.Load(typeof(ItemCatalogue), "latest_items.sql"), ("items", kept[0])));
        kept.Add(latest);
        return One(engine, "repeated_item.sql", latest) is { } tie
            ? throw OneRecException.Input(
                "input.duplicate-item",
                $"{source.Files.Root}: item {tie[0]} occurs {tie[1]} times with the same latest ingest.version ('{version}') but "
                    + "different fields; remove one, or set ingest.version to a column that differs between them")
            : latest;
    }

    private static object?[]? One(IQueryEngine engine, string file, IRelation items) =>
        RowReader.Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(ItemCatalogue), file), ("items", items)))).FirstOrDefault();
}
