using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Inputs.Catalogue;

/// <summary>Checks that item ids have the same type in all sources and tables.</summary>
internal static class ItemIdType
{
    /// <summary>Checks the type of a source's item ids against table <c>items</c>, if it exists.</summary>
    /// <param name="items">Table <c>items</c>; null if it does not exist.</param>
    /// <param name="id">The type in the source.</param>
    /// <param name="source">The source, for the message.</param>
    /// <exception cref="OneRecException">The types differ (exit 3).</exception>
    public static void Require(TableState? items, IArrowType id, string source)
    {
        if (items is null)
        {
            return;
        }

        IArrowType there = items.Schema.GetFieldByName("item_id").DataType;
        if (there.TypeId != id.TypeId)
        {
            throw Differ(id, source, there, "table items");
        }
    }

    /// <summary>Creates the error for item ids of different types in two sources.</summary>
    public static OneRecException Differ(IArrowType id, string source, IArrowType other, string there) => OneRecException.Input(
        "input.id-type",
        $"item ids are {Name(id)} in {source}, but {Name(other)} in {there}; declare one type for both in input.types");

    /// <summary>The SQL name of the type.</summary>
    public static string Name(IArrowType id) => id is Int64Type ? "BIGINT" : "STRING";
}
