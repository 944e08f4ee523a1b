using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Pipeline.Queries;

/// <summary>Item ids that the user asks for, in the type of the tables.</summary>
internal static class AskedItems
{
    /// <summary>The column that tells the place of an id among those asked for.</summary>
    private const string Place = "place";

    /// <summary>The ids as values: long or string.</summary>
    /// <param name="items">Ids as text.</param>
    /// <param name="id">The type of <c>item_id</c>.</param>
    /// <param name="code">The code of the error.</param>
    /// <exception cref="OneRecException">An id is not of the type (exit 2).</exception>
    public static object[] Parse(IReadOnlyList<string> items, IArrowType id, string code) => id is Int64Type
        ? [.. items.Select(item => (object)Number(item, code))]
        : [.. items];

    /// <summary>Rows of <c>place</c> (int, from 0) and <c>item_id</c>.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="items">Ids as values.</param>
    /// <param name="id">The type of <c>item_id</c>.</param>
    public static IRelation Relation(IQueryEngine engine, IReadOnlyList<object> items, IArrowType id)
    {
        var schema = new Schema([new Field(Place, Int32Type.Default, false), new Field("item_id", id, false)], null);
        return engine.FromRows(schema, [RowReader.Build(schema, [.. items.Select((item, place) => new object?[] { place, item })])]);
    }

    // TryParse takes zero characters at the end for none.
    private static long Number(string item, string code) =>
        long.TryParse(item, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && !item.Contains('\0')
            ? number
            : throw OneRecException.Configuration(code, $"'{item}' is not a valid item id: item ids in the tables are whole numbers");
}
