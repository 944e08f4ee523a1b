using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>
/// Casts a column to a table's exact type: names and nullability of list elements, 32-bit text offsets, UTC microseconds.
/// </summary>
/// <remarks>
/// Only lossless casts are made: to wider numbers, to narrower integers if the values fit, between layouts of text, lists
/// and times. A time without a zone is taken as UTC. If the layout is the same, values are shared with the source; the
/// result has its own reference, so each is disposed separately.
/// </remarks>
internal static class ColumnCast
{
    /// <summary>Casts a column to the table's type.</summary>
    /// <param name="source">Any Arrow column.</param>
    /// <param name="target">The table's column.</param>
    /// <param name="place">Identifies the column and rows in errors.</param>
    /// <exception cref="Core.OneRecException">
    /// <c>delta.column-type</c>: an incompatible type; <c>delta.value-range</c>: a value out of range; <c>delta.null-value</c>:
    /// a null in a non-nullable column or list. The last two name the row.
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

    /// <summary>The same values under an equivalent type.</summary>
    public static ArrayData Share(ArrayData s, IArrowType type) => new(
        type, s.Length, Buffers.NullCount(s), s.Offset, [.. s.Buffers.Select(b => b.Retain())], s.Children);

    public static Core.OneRecException WrongType(IArrowType from, IArrowType to, CastPlace place) => place.Fail(
        "delta.column-type",
        $"has Arrow type {Name(from)}, but the table has {DeltaSchema.NameOf(to) ?? to.Name}; cast it in the query");

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

        // One extra null after the dictionary stands for null rows.
        IArrowArray withNull = ArrowArrayConcatenator.Concatenate(
            [ArrowArrayFactory.BuildArray(values), ArrowArrayFactory.BuildArray(nulls)], null);
        return ColumnGather.Take(withNull.Data, rows);
    }
}

/// <summary>Where a column comes from, for errors.</summary>
/// <param name="Kind"><see cref="ErrorKind.Input"/> for rows to be written, <see cref="ErrorKind.Table"/> for a file that is read.</param>
/// <param name="Table">The table's folder.</param>
/// <param name="Source">Appended to the table's name in the message, such as a file; may be empty.</param>
/// <param name="Column">The column.</param>
/// <param name="FirstRow">The number of the batch's first row, from 0.</param>
internal readonly record struct CastPlace(ErrorKind Kind, string Table, string Source, string Column, long FirstRow)
{
    public OneRecException Fail(string code, string what) => new(Kind, code, $"{Table}{Source}: column '{Column}' {what}");

    public OneRecException FailAt(long row, string code, string what) =>
        Fail(code, $"row {FirstRow + row} (from 0) {what}");
}
