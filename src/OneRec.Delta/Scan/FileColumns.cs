using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>Matches the columns of a table with those of one data file, which may be older than the table's columns.</summary>
internal static class FileColumns
{
    /// <summary>The file's column that holds a column of the table; null if the file has none.</summary>
    /// <remarks>Names are compared exactly, then without case: a table cannot have two that differ only in case.</remarks>
    public static Field? Find(IEnumerable<Field> file, string name)
    {
        Field? found = null;
        foreach (Field field in file)
        {
            if (field.Name == name)
            {
                return field;
            }

            found ??= field.Name.Equals(name, StringComparison.OrdinalIgnoreCase) ? field : null;
        }

        return found;
    }

    /// <summary>Whether values of a file's type can be read as the table's type without loss, or fail one by one.</summary>
    /// <param name="file">The type in the file.</param>
    /// <param name="table">The type in the table: the same, or a wider one since a later version.</param>
    public static bool Fit(IArrowType file, IArrowType table) => (file, table) switch
    {
        (NullType, _) => true,
        (DictionaryType dictionary, _) => Fit(dictionary.ValueType, table),
        (StringType or LargeStringType or StringViewType, StringType) => true,
        (BinaryType or LargeBinaryType or BinaryViewType, BinaryType) => true,
        (Decimal128Type from, Decimal128Type to) => from.Scale == to.Scale && from.Precision <= to.Precision,
        (TimestampType or Date64Type, TimestampType) or (Date64Type, Date32Type) => true,
        (FloatType, DoubleType) => true,
        _ when IsInteger(file) => IsInteger(table) || (table is DoubleType && file is FixedWidthType { BitWidth: <= 32 }),
        (MapType from, MapType to) => Fit(from.KeyField.DataType, to.KeyField.DataType) && Fit(from.ValueField.DataType, to.ValueField.DataType),
        (LargeListType from, ListType to) => Fit(from.ValueDataType, to.ValueDataType),
        (ListType from, ListType to) => Fit(from.ValueDataType, to.ValueDataType),
        (StructType from, StructType to) => to.Fields.All(
            f => Find(from.Fields, f.Name) is not { } there || Fit(there.DataType, f.DataType)),
        _ => file.TypeId == table.TypeId,
    };

    /// <summary>The error of a column whose type in a file is not one that the table's type was widened from.</summary>
    public static OneRecException Misfit(string place, Field file, Field table) => OneRecException.Table(
        "delta.column-type",
        $"{place}: column '{file.Name}' has Arrow type {file.DataType.Name}, but the table has "
        + $"{DeltaSchema.NameOf(table.DataType) ?? table.DataType.Name}; rewrite the table");

    private static bool IsInteger(IArrowType type) => type.TypeId is ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.Int32
        or ArrowTypeId.Int64 or ArrowTypeId.UInt8 or ArrowTypeId.UInt16 or ArrowTypeId.UInt32 or ArrowTypeId.UInt64;
}
