using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;

namespace OneRec.Inputs.Catalogue;

/// <summary>How the catalogue's columns become an item's fields, and the SQL for it.</summary>
/// <param name="Source">The read of the source.</param>
/// <param name="Notices">Notes for the user about the columns' types.</param>
/// <param name="Columns">The select list of the inner SELECT of <c>read_items.sql</c>.</param>
/// <param name="ItemId">SQL expression of the id.</param>
/// <param name="Deleted">SQL predicate of deleted items.</param>
/// <param name="Version">The column whose highest value marks the latest of duplicates; NULL if there is none.</param>
/// <param name="Types">The typed columns, for <c>runs</c> and messages.</param>
internal sealed record CatalogueLayout(
    SourceRead Source,
    IReadOnlyList<string> Notices,
    SqlFragment Columns,
    SqlFragment ItemId,
    SqlFragment Deleted,
    SqlFragment Version,
    string Types)
{
    /// <summary>The column of ids; null if an expression gives them.</summary>
    public string? IdColumn { get; private init; }

    /// <summary>The option of the slices' expression, for messages.</summary>
    private string? SliceOption { get; init; }

    private const string Slice = "slice";

    private static readonly string[] Literals = ["null", "true", "false"];

    private static readonly string[] Texts =
        ["title", "caption", "tags", "asr", "ocr", "tokens_version", "images_version", Slice];

    /// <summary>Determines the layout of a catalogue.</summary>
    /// <param name="source">The files.</param>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="version">Option <c>ingest.version</c>.</param>
    /// <param name="slices">How items are divided; null: they are not.</param>
    /// <exception cref="OneRecException">A column is missing, or the type of the id column is not valid for ids.</exception>
    public static CatalogueLayout Of(InputSource source, InputOptions input, string? version, CatalogueSlices? slices = null)
    {
        string id = input.ItemFields.ItemId?.Trim() ?? "item_id";
        string? idColumn = SqlIdentifiers.IsName(id) || source.Columns.Contains(id, StringComparer.Ordinal) ? id : null;
        if (idColumn is not null)
        {
            source.Require(id, "input.itemFields.item_id");
        }

        if (version is not null)
        {
            source.Require(version, "ingest.version");
        }

        foreach (string? sql in Fields(input, slices).Select(f => f.Expression).Append(input.Deleted).Append(id))
        {
            source.RequireReadable(sql);
        }

        ColumnType? idType = idColumn is null ? null : source.IdTypeOf(idColumn);
        ReadColumn[] typed = [.. source.Columns
            .Where(c => c == idColumn || c == version || input.Types.ContainsKey(c)
                || SqlIdentifiers.Columns(input.Deleted, [c]).Any() || (idColumn is null && SqlIdentifiers.Columns(id, [c]).Any()))
            .Select(source.Column)
            .Select(c => c.Name == idColumn ? new ReadColumn(c, idType, "ids") : new ReadColumn(c, source.ReadTypeOf(c)))];
        SourceRead read = source.Begin(typed, idColumn is null ? "input.itemFields.item_id gives no id" : null);
        var itemId = new SqlWriter("item_id");
        var deleted = new SqlWriter("deleted");
        var order = new SqlWriter("version");
        return new CatalogueLayout(
            read,
            [.. typed.Select(t => source.TypeNotice(t.Column, t.Type)).Prepend(source.Files.PassedOverNotice).OfType<string>()],
            List(source, input, slices, read, typed),
            itemId.Fragment(idColumn is not null ? itemId.Name(idColumn) : itemId.User(id)),
            deleted.Fragment(input.Deleted is null ? "1 = 0" : deleted.User(input.Deleted)),
            order.Fragment(version is null ? "CAST(NULL AS BIGINT)" : order.Name(version)),
            string.Join(", ", typed.Select(
                t => $"{t.Column.Name} {(t.Type is { } type ? type.SqlName() : ColumnTypes.Name(t.Column.Native))}")))
        {
            IdColumn = idColumn,
            SliceOption = slices?.Option,
        };
    }

    /// <summary>Reads the catalogue's items as the options define them, with bad rows marked.</summary>
    /// <exception cref="OneRecException">The id is neither BIGINT nor STRING, or a field is not text (exit 2).</exception>
    public IRelation Read(IQueryEngine engine, IRelation catalogue)
    {
        SqlScript script = Columns.Into(SqlScript.Load(typeof(CatalogueLayout), "read_items.sql"), "columns");
        script = Version.Into(Deleted.Into(ItemId.Into(script, "item_id"), "deleted"), "version").With("details", new SqlArgument.Expression(string.Join(", ", Source.Details)));
        IRelation items = engine.Sql(script, ("catalogue", catalogue));
        IArrowType id = items.Schema.GetFieldByName("item_id").DataType;
        if (id is not (Int64Type or StringType))
        {
            throw OneRecException.Configuration(
                "input.itemFields", $"input.itemFields.item_id gives {ColumnTypes.Name(id)}; cast it to BIGINT or STRING");
        }

        string texts = string.Join(",\n  ", Texts.Select(t => $"{AsText(items.Schema, t)} AS {t}"));
        return engine.Sql(
            SqlScript.Load(typeof(CatalogueLayout), "checked_items.sql")
                .With("texts", new SqlArgument.Expression(texts))
                .With("details_of_bad", Source.BadRowDetails("bad")),
            ("items", items));
    }

    private static SqlFragment List(
        InputSource source, InputOptions input, CatalogueSlices? slices, SourceRead read, IReadOnlyList<ReadColumn> typed)
    {
        var columns = new SqlWriter("columns");
        var list = new List<string>();
        foreach ((string field, string? expression) in Fields(input, slices))
        {
            list.Add($"{Text(columns, source, read, field, expression, slices)} AS onerec_{field}");
        }

        list.Add($"{read.InvalidValues(columns)} AS onerec_invalid");
        list.AddRange(read.SelectDetails(columns));
        list.AddRange(typed.Select(t => $"{read.Typed(columns, t)} AS {columns.Name(t.Column.Name)}"));
        return columns.Fragment(string.Join(",\n  ", list));
    }

    private static IEnumerable<(string Field, string? Expression)> Fields(InputOptions input, CatalogueSlices? slices) =>
        [.. input.ItemFields.Texts(), ("tokens_version", input.TokensVersion), ("images_version", input.ImagesVersion), (Slice, slices?.Expression)];

    /// <summary>A field: its expression over the columns as they are in the files, or the column with its name.</summary>
    private static string Text(SqlWriter columns, InputSource source, SourceRead read, string field, string? expression, CatalogueSlices? slices)
    {
        bool isVersion = field.EndsWith("_version", StringComparison.Ordinal);
        if (expression is null)
        {
            return !isVersion && field != Slice && source.Columns.Contains(field, StringComparer.Ordinal) ? read.AsIs(columns, field)
                : isVersion ? "''"
                : "CAST(NULL AS STRING)";
        }

        string trimmed = expression.Trim();
        if (source.Columns.Contains(trimmed, StringComparer.Ordinal))
        {
            return read.AsIs(columns, trimmed);
        }

        if (SqlIdentifiers.IsName(trimmed) && !Literals.Contains(trimmed, StringComparer.OrdinalIgnoreCase))
        {
            source.Require(trimmed, Key(field, slices?.Option));
        }

        foreach (string column in SqlIdentifiers.Columns(trimmed, source.Columns))
        {
            read.UseText(column);
        }

        return columns.User(trimmed);
    }

    private string AsText(Schema items, string field) => items.GetFieldByName(field).DataType switch
    {
        StringType => field,
        Int64Type or Int32Type or Int16Type or BooleanType or Date32Type or Decimal128Type or NullType => $"CAST({field} AS STRING)",
        ListType { ValueDataType: StringType } => $"array_join({field}, ', ')",
        var other => throw OneRecException.Configuration(
            "input.itemFields",
            $"{Key(field, SliceOption)} gives {ColumnTypes.Name(other)}, which engines format differently; cast it to STRING or DECIMAL(p,s)"),
    };

    private static string Key(string field, string? sliceOption) => field switch
    {
        Slice => sliceOption!,
        "tokens_version" => "input.tokensVersion",
        "images_version" => "input.imagesVersion",
        _ => $"input.itemFields.{field}",
    };
}
