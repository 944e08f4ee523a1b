using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Casts numbers to another width if nothing is lost: integers that fit, and float to double.</summary>
internal static class NumberCast
{
    /// <summary>The numbers in the target type; null if there is no safe cast.</summary>
    public static ArrayData? To(ArrayData s, IArrowType target, CastPlace place, Func<int, long> rowOf) =>
        s.DataType.TypeId switch
        {
            ArrowTypeId.Int8 => From<sbyte>(s, target, place, rowOf),
            ArrowTypeId.Int16 => From<short>(s, target, place, rowOf),
            ArrowTypeId.Int32 => From<int>(s, target, place, rowOf),
            ArrowTypeId.Int64 => From<long>(s, target, place, rowOf),
            ArrowTypeId.UInt8 => From<byte>(s, target, place, rowOf),
            ArrowTypeId.UInt16 => From<ushort>(s, target, place, rowOf),
            ArrowTypeId.UInt32 => From<uint>(s, target, place, rowOf),
            ArrowTypeId.UInt64 => From<ulong>(s, target, place, rowOf),
            ArrowTypeId.Float when target is DoubleType => Cast<float, double>(s, target, place, rowOf),
            _ => null,
        };

    private static ArrayData? From<T>(ArrayData s, IArrowType target, CastPlace place, Func<int, long> rowOf)
        where T : unmanaged, INumber<T> => target.TypeId switch
        {
            ArrowTypeId.Int8 => Cast<T, sbyte>(s, target, place, rowOf),
            ArrowTypeId.Int16 => Cast<T, short>(s, target, place, rowOf),
            ArrowTypeId.Int32 => Cast<T, int>(s, target, place, rowOf),
            ArrowTypeId.Int64 => Cast<T, long>(s, target, place, rowOf),
            // A double represents every integer of up to 32 bits exactly.
            ArrowTypeId.Double when s.DataType is FixedWidthType { BitWidth: <= 32 } => Cast<T, double>(s, target, place, rowOf),
            _ => null,
        };

    private static ArrayData Cast<TFrom, TTo>(ArrayData s, IArrowType target, CastPlace place, Func<int, long> rowOf)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        ReadOnlySpan<TFrom> from = Buffers.Values<TFrom>(s);
        ArrowBuffer buffer = Buffers.New(s.Length, out Span<TTo> to);
        bool someNull = Buffers.NullCount(s) > 0;
        for (int i = 0; i < from.Length; i++)
        {
            if (someNull && !Buffers.IsValid(s, i))
            {
                continue;
            }

            try
            {
                to[i] = TTo.CreateChecked(from[i]);
            }
            catch (OverflowException)
            {
                throw place.FailAt(
                    rowOf(i), "delta.value-range", $"is {from[i]}, which does not fit in {DeltaSchema.NameOf(target)}");
            }
        }

        return new ArrayData(target, s.Length, Buffers.NullCount(s), 0, [Buffers.Validity(s), buffer]);
    }
}
