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

    /// <summary>The fields that are texts, in order.</summary>
    private IReadOnlyList<TextField> Texts { get; init; } = [];

    private static readonly string[] Literals = ["null", "true", "false"];

    /// <summary>Determines the layout of a catalogue.</summary>
    /// <param name="source">The files.</param>
    /// <param name="input">Section <c>input</c>.</param>
    /// <param name="version">Option <c>ingest.version</c>.</param>
    /// <param name="slices">How items are divided; null: they are not.</param>
    /// <exception cref="OneRecException">A column is missing, or the type of the id column is not valid for ids.</exception>
    public static CatalogueLayout Of(InputSource source, InputOptions input, string? version, CatalogueSlices? slices = null)
    {
        TextField[] texts =
        [
            .. input.ItemFields.Texts().Select(t => new TextField(t.Field, t.Expression, $"input.itemFields.{t.Field}") { MayBeColumn = true }),
            new TextField("tokens_version", input.TokensVersion, "input.tokensVersion") { Default = "''" },
            new TextField("images_version", input.ImagesVersion, "input.imagesVersion") { Default = "''" },
            new TextField("slice", slices?.Expression, slices?.Option ?? ""),
        ];
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

        foreach (string? sql in texts.Select(t => t.Expression).Append(input.Deleted).Append(id))
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
            List(source, texts, read, typed),
            itemId.Fragment(idColumn is not null ? itemId.Name(idColumn) : itemId.User(id)),
            deleted.Fragment(input.Deleted is null ? "1 = 0" : deleted.User(input.Deleted)),
            order.Fragment(version is null ? "CAST(NULL AS BIGINT)" : order.Name(version)),
            string.Join(", ", typed.Select(
                t => $"{t.Column.Name} {(t.Type is { } type ? type.SqlName() : ColumnTypes.Name(t.Column.Native))}")))
        {
            IdColumn = idColumn,
            Texts = texts,
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

        string texts = string.Join(",\n  ", Texts.Select(t => $"{AsText(items.Schema, t)} AS {t.Name}"));
        return engine.Sql(
            SqlScript.Load(typeof(CatalogueLayout), "checked_items.sql")
                .With("texts", new SqlArgument.Expression(texts))
                .With("details_of_bad", Source.BadRowDetails("bad")),
            ("items", items));
    }

    private static SqlFragment List(InputSource source, IEnumerable<TextField> texts, SourceRead read, IReadOnlyList<ReadColumn> typed)
    {
        var columns = new SqlWriter("columns");
        List<string> list = [.. texts.Select(t => $"{Text(columns, source, read, t)} AS onerec_{t.Name}")];
        list.Add($"{read.InvalidValues(columns)} AS onerec_invalid");
        list.AddRange(read.SelectDetails(columns));
        list.AddRange(typed.Select(t => $"{read.Typed(columns, t)} AS {columns.Name(t.Column.Name)}"));
        return columns.Fragment(string.Join(",\n  ", list));
    }

    /// <summary>A field: its expression over the columns as they are in the files, or the column with its name.</summary>
    private static string Text(SqlWriter columns, InputSource source, SourceRead read, TextField field)
    {
        if (field.Expression is null)
        {
            return field.MayBeColumn && source.Columns.Contains(field.Name, StringComparer.Ordinal) ? read.AsIs(columns, field.Name) : field.Default;
        }

        string trimmed = field.Expression.Trim();
        if (source.Columns.Contains(trimmed, StringComparer.Ordinal))
        {
            return read.AsIs(columns, trimmed);
        }

        if (SqlIdentifiers.IsName(trimmed) && !Literals.Contains(trimmed, StringComparer.OrdinalIgnoreCase))
        {
            source.Require(trimmed, field.Option);
        }

        foreach (string column in SqlIdentifiers.Columns(trimmed, source.Columns))
        {
            read.UseText(column);
        }

        return columns.User(trimmed);
    }

    private static string AsText(Schema items, TextField field) => items.GetFieldByName(field.Name).DataType switch
    {
        StringType => field.Name,
        Int64Type or Int32Type or Int16Type or BooleanType or Date32Type or Decimal128Type or NullType => $"CAST({field.Name} AS STRING)",
        ListType { ValueDataType: StringType } => $"array_join({field.Name}, ', ')",
        var other => throw OneRecException.Configuration(
            "input.itemFields",
            $"{field.Option} gives {ColumnTypes.Name(other)}, which engines format differently; cast it to STRING or DECIMAL(p,s)"),
    };

    /// <summary>A field of an item that is a text.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Expression">The SQL expression that the user gave for it; null: none.</param>
    /// <param name="Option">The option of the expression.</param>
    private sealed record TextField(string Name, string? Expression, string Option)
    {
        /// <summary>Whether a column with the name of the field gives it where there is no expression.</summary>
        public bool MayBeColumn { get; init; }

        /// <summary>The SQL of the field where nothing else gives it.</summary>
        public string Default { get; init; } = "CAST(NULL AS STRING)";
    }
}
