using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>
/// Brings a column to a table's exact type: the names and nullability of list elements, 32-bit text, UTC microseconds.
/// </summary>
/// <remarks>
/// Only changes that lose nothing are made: wider numbers, narrower whole numbers that fit, other layouts of text, lists
/// and times. A time without a zone is taken as UTC. Values are shared with the source where the layout is the same; the
/// result holds its own reference, so both are disposed alone.
/// </remarks>
internal static class ColumnCast
{
    /// <summary>The column as the table has it.</summary>
    /// <param name="source">Any Arrow column.</param>
    /// <param name="target">The table's column.</param>
    /// <param name="place">Names column and rows in errors.</param>
    /// <exception cref="Core.OneRecException">
    /// <c>delta.column-type</c>: another type; <c>delta.value-range</c>: a value that does not fit; <c>delta.null-value</c>:
    /// a null in a column or list that may not have one. The last two name the row.
    /// </exception>
    public static ArrayData Cast(ArrayData source, Field target, CastPlace place)
    {
        ArrayData cast = Convert(source, target.DataType, place, i => i);
        NullCheck.Require(cast, target, place);
        return cast;
    }

    private static ArrayData Convert(ArrayData s, IArrowType target, CastPlace place, Func<int, long> rowOf) => target switch
    {
        _ when s.DataType is NullType => NullColumn.Of(target, s.Length),
        _ when s.DataType is DictionaryType => Decode(s, target, place, rowOf),
        ListType list => ListCast.To(s, target, list.ValueDataType, place, rowOf, Convert),
        MapType map => ListCast.To(s, target, map.KeyValueType, place, rowOf, Convert),
        StructType structure => Struct(s, structure, place, rowOf),
        StringType or BinaryType => TextCast.To(s, target, place),
        TimestampType time => TimeCast.To(s, time, place, rowOf),
        Date32Type when s.DataType is Date64Type => TimeCast.Days(s),
        Decimal128Type to when s.DataType is Decimal128Type from => from.Scale == to.Scale && from.Precision <= to.Precision
            ? Share(s, target)
            : throw WrongType(s.DataType, target, place),
        _ when s.DataType.TypeId == target.TypeId => Share(s, target),
        _ => NumberCast.To(s, target, place, rowOf) ?? throw WrongType(s.DataType, target, place),
    };

    /// <summary>The same values under another name of the type.</summary>
    public static ArrayData Share(ArrayData s, IArrowType type) => new(
        type, s.Length, Buffers.NullCount(s), s.Offset, [.. s.Buffers.Select(b => b.Retain())], s.Children);

    public static Core.OneRecException WrongType(IArrowType from, IArrowType to, CastPlace place) => place.Fail(
        "delta.column-type",
        $"is of Arrow type {Name(from)}, the table's is {DeltaSchema.NameOf(to) ?? to.Name}; cast it in the query");

    private static string Name(IArrowType type) => type switch
    {
        TimestampType t => $"timestamp[{t.Unit}{(string.IsNullOrEmpty(t.Timezone) ? "" : ", " + t.Timezone)}]",
        Decimal128Type d => $"decimal({d.Precision},{d.Scale})",
        ListType list => $"list<{Name(list.ValueDataType)}>",
        _ => type.Name,
    };

    private static ArrayData Struct(ArrayData s, StructType target, CastPlace place, Func<int, long> rowOf)
    {
        if (s.DataType is not StructType from)
        {
            throw WrongType(s.DataType, target, place);
        }

        var children = new List<ArrayData>();
        foreach (Field field in target.Fields)
        {
            int at = from.Fields.Select(f => f.Name).ToList().IndexOf(field.Name);
            children.Add(at < 0
                ? NullColumn.Of(field.DataType, s.Length)
                : Convert(s.Children[at].Slice(s.Offset, s.Length), field.DataType, place, rowOf));
        }

        return new ArrayData(target, s.Length, Buffers.NullCount(s), 0, [Buffers.Validity(s)], children);
    }

    private static ArrayData Decode(ArrayData s, IArrowType target, CastPlace place, Func<int, long> rowOf)
    {
        using ArrayData indices = NumberCast.To(
            new ArrayData(((DictionaryType)s.DataType).IndexType, s.Length, s.NullCount, s.Offset, s.Buffers),
            Int64Type.Default, place, rowOf)!;
        using ArrayData values = Convert(s.Dictionary, target, place, _ => 0);
        using ArrayData nulls = NullColumn.Of(target, 1);
        ReadOnlySpan<long> index = Buffers.Values<long>(indices);
        int[] rows = new int[s.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = Buffers.IsValid(s, i) ? (int)index[i] : values.Length;
        }

        // One null past the dictionary's end stands for a row that is null.
        IArrowArray withNull = ArrowArrayConcatenator.Concatenate(
            [ArrowArrayFactory.BuildArray(values), ArrowArrayFactory.BuildArray(nulls)], null);
        return ColumnGather.Take(withNull.Data, rows);
    }
}
