using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Texts;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Inputs;

/// <summary>The catalogue's items, read once and checked: each id once.</summary>
public sealed class Catalogue : IDisposable
{
    private readonly IKeptRelation _kept;

    private Catalogue(IKeptRelation kept, IRelation items, string source)
    {
        _kept = kept;
        Items = items;
        Source = source;
    }

    /// <summary>
    /// <c>item_id</c> (BIGINT or STRING); <c>title</c>, <c>caption</c>, <c>tags</c>, <c>asr</c>, <c>ocr</c>,
    /// <c>tokens_version</c>, <c>images_version</c> (STRING or null); <c>deleted</c> INT, 1 where taken down.
    /// </summary>
    public IRelation Items { get; }

    /// <summary>Number of items; at least 1.</summary>
    public long Count => _kept.Rows;

    /// <summary>The type of item ids.</summary>
    public IArrowType IdType => IdTypeOf(_kept);

    /// <summary>The path, for messages.</summary>
    public string Source { get; }

    /// <summary>The versions of the catalogue's files as inputs of a plan.</summary>
    /// <exception cref="OneRecException">A file is not set, or not there.</exception>
    public static IEnumerable<(string Name, string Version)> Versions(InputOptions input)
    {
        ArgumentNullException.ThrowIfNull(input);
        yield return ("catalogue", InputVersion.Of(Files(input), input.Hash));
        if (input.Tags is not null)
        {
            yield return ("tags", InputVersion.Of(InputFiles.Csv("input.tags", input.Tags), input.Hash));
        }
    }

    /// <summary>The options that say what an item is, as parameters of a plan.</summary>
    public static JsonObject Parameters(InputOptions input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new JsonObject
        {
            ["item_id"] = input.ItemFields.ItemId,
            ["fields"] = new JsonObject(input.ItemFields.Texts().Select(
                f => KeyValuePair.Create<string, JsonNode?>(f.Field, f.Expression))),
            ["deleted"] = input.Deleted,
            ["tokensVersion"] = input.TokensVersion,
            ["tags"] = input.Tags is null ? null : new JsonArray(input.Columns.TagItem, input.Columns.Tag),
            ["multiLine"] = input.Csv.MultiLine ?? true,
            ["types"] = new JsonObject(input.Types.Select(
                t => KeyValuePair.Create<string, JsonNode?>(t.Key, CsvSource.Name(t.Value)))),
        };
    }

    /// <summary>Reads the catalogue.</summary>
    /// <exception cref="OneRecException">
    /// Exit 3, naming the file: a missing file or column, a row that does not parse (the first), an id twice, no item.
    /// Exit 2: an expression is none over the catalogue's columns.
    /// </exception>
    public static Catalogue Open(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        InputOptions input = context.Options.Input;
        IEngine engine = context.Engine;
        CsvSource source = CsvSource.Open(Files(input), input.Csv.MultiLine ?? true, input.Types);
        var layout = CatalogueLayout.Of(source, input);
        IKeptRelation kept = Read(engine, source, layout);
        try
        {
            Check(engine, kept, source, layout);
            IRelation items = input.Tags is null ? kept : WithTags(engine, kept, input);
            return new Catalogue(kept, items, source.Files.Root);
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    private static InputFiles Files(InputOptions input) => InputFiles.Csv("input.items", input.Items);

    private static IKeptRelation Read(IEngine engine, CsvSource source, CatalogueLayout layout)
    {
        SqlScript script = layout.Columns.Into(SqlScript.Load("read_items.sql"), "columns");
        script = layout.ItemId.Into(script, "item_id");
        script = layout.Deleted.Into(script, "deleted");
        try
        {
            return engine.Keep(engine.Sql(script, ("catalogue", engine.ReadText(source.Text))));
        }
        catch (OneRecException e) when (e.Kind == ErrorKind.Input)
        {
            throw CsvCheck.FirstMalformed(source) ?? e;
        }
        catch (OneRecException e) when (e.Code == "sql.invalid")
        {
            throw OneRecException.Configuration("input.itemFields", $"input.itemFields or input.deleted: {e.Message}", e);
        }
    }

    private static IArrowType IdTypeOf(IRelation items) => items.Schema.GetFieldByName("item_id").DataType;

    private static void Check(IEngine engine, IRelation items, CsvSource source, CatalogueLayout layout)
    {
        if (IdTypeOf(items) is not (Int64Type or StringType))
        {
            throw OneRecException.Configuration(
                "input.itemFields",
                $"input.itemFields.item_id gives {IdTypeOf(items).Name}; cast it to BIGINT or STRING");
        }

        object?[] counts = One(engine, "items_counts.sql", items)!;
        if ((long)counts[0]! == 0)
        {
            throw OneRecException.Input("input.empty", $"{source.Files.Root} has no items");
        }

        if ((long)counts[1]! > 0)
        {
            throw layout.FirstBadRow(source, (long)counts[1]!);
        }

        if ((long)counts[2]! < (long)counts[0]!)
        {
            object?[] repeated = One(engine, "repeated_item.sql", items)!;
            throw OneRecException.Input(
                "input.duplicate-item",
                $"{source.Files.Root}: item {repeated[0]} comes {repeated[1]} times ({(long)counts[0]! - (long)counts[2]!} rows "
                    + "too many in all); an item must come once: remove the others");
        }
    }

    private static IRelation WithTags(IEngine engine, IKeptRelation items, InputOptions input)
    {
        ColumnType idType = IdTypeOf(items) is Int64Type ? ColumnType.BigInt : ColumnType.Text;
        CsvSource source = CsvSource.Open(
            InputFiles.Csv("input.tags", input.Tags), input.Csv.MultiLine ?? true, input.Types);
        source.Require(input.Columns.TagItem, "input.columns.tagItem");
        source.Require(input.Columns.Tag, "input.columns.tag");
        var columns = new SqlWriter("columns");
        SqlFragment list = columns.Fragment(
            $"{columns.Typed(input.Columns.TagItem, idType)} AS item_id, {columns.Name(input.Columns.Tag)} AS tag");
        IRelation text = engine.ReadText(source.Text);
        long bad;
        try
        {
            SqlScript counts = list.Into(SqlScript.Load("tags_counts.sql"), "columns");
            bad = (long)Rows.Read(engine.Collect(engine.Sql(counts, ("tags", text))))[0][0]!;
        }
        catch (OneRecException e) when (e.Kind == ErrorKind.Input)
        {
            throw CsvCheck.FirstMalformed(source) ?? e;
        }

        if (bad > 0)
        {
            throw CsvBadRow.First(source, [(input.Columns.TagItem, idType)], input.Columns.TagItem, bad);
        }

        IRelation ordered = engine.Sql(list.Into(SqlScript.Load("read_tags.sql"), "columns"), ("tags", text));
        IRelation joined = engine.Map(
            ordered,
            JoinTextsKernel.Call(ordered.Schema.GetFieldByName("item_id").DataType, "tag", ", "),
            PartitionShape.ByKey("item_id", "place"));
        return engine.Sql(SqlScript.Load("items_with_tags.sql"), ("items", items), ("tags", joined));
    }

    private static object?[]? One(IEngine engine, string file, IRelation items) =>
        Rows.Read(engine.Collect(engine.Sql(SqlScript.Load(file), ("items", items)))).FirstOrDefault();
}
