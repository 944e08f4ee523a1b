using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Rejects nulls in non-nullable columns, list elements and struct fields.</summary>
internal static class NullCheck
{
    /// <summary>Checks a column that has exactly the target's type and contiguous lists.</summary>
    /// <exception cref="Core.OneRecException"><c>delta.null-value</c>, naming column and row.</exception>
    public static void Require(ArrayData data, Field target, CastPlace place) =>
        Require(data, target, place, "is null, but the column is not nullable", i => i, null);

    private static void Require(
        ArrayData data, Field target, CastPlace place, string what, Func<int, long> rowOf, Func<int, bool>? counts)
    {
        if (!target.IsNullable && Buffers.NullCount(data) > 0)
        {
            for (int i = 0; i < data.Length; i++)
            {
                if (!Buffers.IsValid(data, i) && (counts is null || counts(i)))
                {
                    throw place.FailAt(rowOf(i), "delta.null-value", what);
                }
            }
        }

        switch (target.DataType)
        {
            case ListType list:
                Require(data.Children[0], list.ValueField, place, "has a null element, but list elements are not nullable", Row, null);
                break;
            case MapType map:
                ArrayData entries = data.Children[0];
                Require(entries.Children[0], map.KeyField, place, "has a null key", Row, null);
                Require(entries.Children[1], map.ValueField, place, "has a null map value, but map values are not nullable", Row, null);
                break;
            case StructType structure:
                for (int f = 0; f < structure.Fields.Count; f++)
                {
                    Require(
                        data.Children[f], structure.Fields[f], place,
                        $"has a null in field '{structure.Fields[f].Name}', which is not nullable",
                        rowOf,
                        i => Buffers.IsValid(data, i) && (counts is null || counts(i)));
                }

                break;
        }

        long Row(int element) => rowOf(ListCast.RowOf(Buffers.Offsets<int>(data), element));
    }
}
