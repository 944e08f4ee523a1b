using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Inputs.Catalogue;

/// <summary>Item ids have one type in every source and table.</summary>
internal static class ItemIdType
{
    /// <summary>Checks a source's item ids against those of table <c>items</c>, where it is there.</summary>
    /// <param name="items">Table <c>items</c>; null where it is not there.</param>
    /// <param name="id">The type in the source.</param>
    /// <param name="source">The source, for the message.</param>
    /// <exception cref="OneRecException">They differ (exit 3).</exception>
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

    /// <summary>The error about two sources whose item ids are of two types.</summary>
    public static OneRecException Differ(IArrowType id, string source, IArrowType other, string there) => OneRecException.Input(
        "input.id-type",
        $"item ids are {Name(id)} in {source}, but {Name(other)} in {there}; declare one type for both in input.types");

    /// <summary>A type as SQL writes it.</summary>
    public static string Name(IArrowType id) => id is Int64Type ? "BIGINT" : "STRING";
}
