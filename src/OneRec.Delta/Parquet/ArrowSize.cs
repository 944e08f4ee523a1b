using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>What the rows of an Arrow array take in memory, about.</summary>
public static class ArrowSize
{
    /// <summary>An array's size in bytes, a slice by its own rows.</summary>
    /// <param name="data">The array; of types other than numbers, texts, lists and structures the whole of its memory counts.</param>
    public static long Of(ArrayData data)
    {
        long bits = data.Length / 8;
        switch (data.DataType)
        {
            case StringType or BinaryType:
                ReadOnlySpan<int> ends = Buffers.Offsets<int>(data);
                return bits + (4L * data.Length) + ends[^1] - ends[0];
            case ListType or MapType:
                ReadOnlySpan<int> offsets = Buffers.Offsets<int>(data);
                ArrayData child = data.Children[0];
                long whole = Of(child);
                return bits + (4L * data.Length)
                    + (child.Length == 0 ? 0 : (long)((double)whole * (offsets[^1] - offsets[0]) / child.Length));
            case StructType:
                return bits + data.Children.Sum(Of);
            case BooleanType or NullType:
                return 2 * bits;
            case FixedWidthType fixedWidth:
                return bits + ((long)fixedWidth.BitWidth / 8 * data.Length);
            default:
                return data.Buffers.Sum(b => (long)b.Length);
        }
    }
}
