using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Arrays that contain only nulls.</summary>
internal static class NullColumn
{
    /// <summary>Nulls of a type that a table can have.</summary>
    public static ArrayData Of(IArrowType type, int length)
    {
        ArrowBuffer validity = Buffers.NewBits(length, out _);
        return type switch
        {
            StringType or BinaryType => Make(validity, Zeros<int>(length + 1), ArrowBuffer.Empty),
            ListType list => Make(validity, Zeros<int>(length + 1)).With(Of(list.ValueDataType, 0)),
            MapType map => Make(validity, Zeros<int>(length + 1)).With(Of(map.KeyValueType, 0)),
            StructType s => new ArrayData(
                type, length, length, 0, [validity], [.. s.Fields.Select(f => Of(f.DataType, length))]),
            BooleanType => Make(validity, Buffers.NewBits(length, out _)),
            FixedWidthType fixedWidth => Make(validity, Zeros<byte>(fixedWidth.BitWidth / 8 * length)),
            _ => throw new ArgumentException($"a table cannot have the type {type.Name}"),
        };

        ArrayData Make(params ArrowBuffer[] buffers) => new(type, length, length, 0, buffers);
    }

    private static ArrowBuffer Zeros<T>(int count)
        where T : unmanaged => Buffers.New<T>(count, out _);

    private static ArrayData With(this ArrayData data, ArrayData child) =>
        new(data.DataType, data.Length, data.NullCount, data.Offset, data.Buffers, [child]);
}
