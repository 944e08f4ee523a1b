using OneRec.Core;

namespace OneRec.Pipeline.Inputs;

/// <summary>How the catalogue's columns become an item's fields, and the SQL that says so.</summary>
/// <param name="IdColumn">The column of ids; null where the id is an expression over columns.</param>
/// <param name="IdType">The column's type, BIGINT or STRING (of an expression: what it gives, told by the engine).</param>
/// <param name="Typed">Columns that are read as a type, with it.</param>
/// <param name="Columns">The select list of the inner SELECT of <c>read_items.sql</c>.</param>
/// <param name="ItemId">The expression of the id.</param>
/// <param name="Deleted">The predicate.</param>
internal sealed record CatalogueLayout(
    string? IdColumn,
    ColumnType IdType,
    IReadOnlyList<(string Column, ColumnType Type)> Typed,
    SqlFragment Columns,
    SqlFragment ItemId,
    SqlFragment Deleted)
{
    /// <summary>The layout of a catalogue.</summary>
    /// <exception cref="OneRecException">A column is missing, or the id's type cannot be one.</exception>
    public static CatalogueLayout Of(CsvSource source, InputOptions input)
    {
        string id = input.ItemFields.ItemId?.Trim() ?? "item_id";
        bool isColumn = SqlWords.IsName(id) || source.Columns.Contains(id, StringComparer.Ordinal);
        string? idColumn = isColumn ? id : null;
        if (isColumn)
        {
            source.Require(id, "input.itemFields.item_id");
        }

        ColumnType idType = isColumn ? source.IdTypeOf(id) : ColumnType.Text;
        var columns = new SqlWriter("columns");
        List<(string Column, ColumnType Type)> typed = [.. source.Columns
            .Where(c => c == idColumn || input.Types.ContainsKey(c) || Mentions(input, isColumn ? null : id, c))
            .Select(c => (Column: c, Type: c == idColumn ? idType : source.TypeOf(c)))];
        var list = new List<string>();
        foreach ((string field, string? expression) in Fields(input))
        {
            list.Add($"{Text(columns, source, input, field, expression)} AS onerec_{field}");
        }

        string misfits = typed.Count == 0 ? "0" : string.Join(" + ", typed.Select(t => columns.Misfit(t.Column, t.Type)));
        list.Add($"{misfits} AS onerec_misfits");
        foreach (string column in source.Columns)
        {
            ColumnType type = typed.FirstOrDefault(t => t.Column == column, (Column: column, Type: ColumnType.Text)).Type;
            list.Add($"{columns.Typed(column, type)} AS {columns.Name(column)}");
        }

        var itemId = new SqlWriter("item_id");
        var deleted = new SqlWriter("deleted");
        return new CatalogueLayout(
            idColumn,
            idType,
            typed,
            columns.Fragment(string.Join(",\n  ", list)),
            itemId.Fragment(idColumn is not null ? itemId.Name(idColumn) : itemId.User(id)),
            deleted.Fragment(input.Deleted is null ? "1 = 0" : deleted.User(input.Deleted)));
    }

    /// <summary>The error about the first row that does not parse.</summary>
    public OneRecException FirstBadRow(CsvSource source, long badRows) => CsvBadRow.First(source, Typed, IdColumn, badRows);

    private static bool Mentions(InputOptions input, string? idExpression, string column) =>
        SqlWords.Columns(input.Deleted, [column]).Any() || SqlWords.Columns(idExpression, [column]).Any();

    private static IEnumerable<(string Field, string? Expression)> Fields(InputOptions input) =>
        input.ItemFields.Texts().Append(("tokens_version", input.TokensVersion));

    /// <summary>A text field: its expression over the file's texts and declared types, or the column of its name.</summary>
    private static string Text(SqlWriter columns, CsvSource source, InputOptions input, string field, string? expression)
    {
        if (expression is null)
        {
            bool own = field != "tokens_version" && source.Columns.Contains(field, StringComparer.Ordinal);
            return own ? $"CAST({columns.Name(field)} AS STRING)" : Absent(field);
        }

        string trimmed = expression.Trim();
        if (source.Columns.Contains(trimmed, StringComparer.Ordinal))
        {
            return $"CAST({columns.Name(trimmed)} AS STRING)";
        }

        if (SqlWords.IsName(trimmed) && !Literals.Contains(trimmed, StringComparer.OrdinalIgnoreCase))
        {
            source.Require(trimmed, field == "tokens_version" ? "input.tokensVersion" : $"input.itemFields.{field}");
        }

        return $"CAST({columns.User(trimmed)} AS STRING)";
    }

    private static string Absent(string field) => field == "tokens_version" ? "''" : "CAST(NULL AS STRING)";

    private static readonly string[] Literals = ["null", "true", "false"];
}
