using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Casts text and bytes of any layout to 32-bit offsets.</summary>
internal static class TextCast
{
    public static ArrayData To(ArrayData s, IArrowType target, CastPlace place)
    {
        bool text = target is StringType;
        return s.DataType switch
        {
            StringType when text => ColumnCast.Share(s, target),
            BinaryType when !text => ColumnCast.Share(s, target),
            LargeStringType when text => FromLarge(s, target),
            LargeBinaryType when !text => FromLarge(s, target),
            StringViewType when text => FromViews(s, target),
            BinaryViewType when !text => FromViews(s, target),
            _ => throw ColumnCast.WrongType(s.DataType, target, place),
        };
    }

    private static ArrayData FromLarge(ArrayData s, IArrowType target)
    {
        ReadOnlySpan<long> from = Buffers.Offsets<long>(s);
        ArrowBuffer offsets = Buffers.New(s.Length + 1, out Span<int> to);
        for (int i = 0; i <= s.Length; i++)
        {
            to[i] = checked((int)(from[i] - from[0]));
        }

        ArrowBuffer text = Buffers.New(to[s.Length], out Span<byte> bytes);
        if (bytes.Length > 0)
        {
            s.Buffers[2].Span.Slice(checked((int)from[0]), bytes.Length).CopyTo(bytes);
        }

        return new ArrayData(target, s.Length, Buffers.NullCount(s), 0, [Buffers.Validity(s), offsets, text]);
    }

    private static ArrayData FromViews(ArrayData s, IArrowType target)
    {
        var views = new BinaryViewArray(new ArrayData(
            BinaryViewType.Default, s.Length, Buffers.NullCount(s), s.Offset, s.Buffers));
        ArrowBuffer offsets = Buffers.New(s.Length + 1, out Span<int> to);
        for (int i = 0; i < s.Length; i++)
        {
            to[i + 1] = checked(to[i] + (views.IsNull(i) ? 0 : views.GetBytes(i).Length));
        }

        ArrowBuffer text = Buffers.New(to[s.Length], out Span<byte> bytes);
        for (int i = 0; i < s.Length; i++)
        {
            if (views.IsValid(i))
            {
                views.GetBytes(i).CopyTo(bytes[to[i]..]);
            }
        }

        return new ArrayData(target, s.Length, Buffers.NullCount(s), 0, [Buffers.Validity(s), offsets, text]);
    }
}
