namespace OneRec.Inputs.Catalogue;

/// <summary>The fields of an item while the catalogue is read.</summary>
internal static class ItemFields
{
    /// <summary>The items with a field taken from another relation.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="items">The items.</param>
    /// <param name="field">The field to replace.</param>
    /// <param name="expression">SQL for it over <c>other</c>, which has at most one row per item; null if an item has none.</param>
    /// <param name="other">The relation, with <c>item_id</c>.</param>
    public static IRelation Replace(IQueryEngine engine, IRelation items, string field, string expression, IRelation other)
    {
        IEnumerable<string> fields = items.Schema.FieldsList.Select(f => f.Name == field ? $"{expression} AS {field}" : $"items.{f.Name}");
        return engine.Sql(
            SqlScript.Load(typeof(ItemFields), "items_with.sql").With("fields", new SqlArgument.Expression(string.Join(", ", fields))),
            ("items", items),
            ("other", other));
    }
}
