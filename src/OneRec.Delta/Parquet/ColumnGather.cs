using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Selects rows of a column whose type a table can have.</summary>
internal static class ColumnGather
{
    /// <summary>A new array with the rows at <paramref name="rows"/>, in that order; shares nothing with the source.</summary>
    /// <param name="data">A column whose type a table can have.</param>
    /// <param name="rows">Indices from 0 into the column; may repeat.</param>
    public static ArrayData Take(ArrayData data, ReadOnlySpan<int> rows)
    {
        ArrowBuffer validity = Validity(data, rows, out int nulls);
        int n = rows.Length;
        switch (data.DataType)
        {
            case BooleanType:
                ArrowBuffer flags = Buffers.NewBits(n, out Span<byte> bits);
                for (int i = 0; i < n; i++)
                {
                    if (BitUtility.GetBit(data.Buffers[1].Span, data.Offset + rows[i]))
                    {
                        BitUtility.SetBit(bits, i);
                    }
                }

                return new ArrayData(data.DataType, n, nulls, 0, [validity, flags]);
            case StringType or BinaryType:
                return Texts(data, rows, validity, nulls);
            case ListType or MapType:
                return Lists(data, rows, validity, nulls);
            case StructType:
                int[] inner = new int[n];
                rows.CopyTo(inner);
                return new ArrayData(
                    data.DataType, n, nulls, 0, [validity],
                    [.. data.Children.Select(c => Take(c.Slice(data.Offset, data.Length), inner))]);
            case FixedWidthType fixedWidth:
                return new ArrayData(data.DataType, n, nulls, 0, [validity, Fixed(data, rows, fixedWidth.BitWidth / 8)]);
            default:
                throw new ArgumentException($"a table cannot have the type {data.DataType.Name}");
        }
    }

    private static ArrowBuffer Fixed(ArrayData data, ReadOnlySpan<int> rows, int width)
    {
        ArrowBuffer buffer = Buffers.New(checked(rows.Length * width), out Span<byte> to);
        ReadOnlySpan<byte> from = data.Buffers[1].Span;
        for (int i = 0; i < rows.Length; i++)
        {
            from.Slice((data.Offset + rows[i]) * width, width).CopyTo(to[(i * width)..]);
        }

        return buffer;
    }

    private static ArrayData Texts(ArrayData data, ReadOnlySpan<int> rows, ArrowBuffer validity, int nulls)
    {
        ReadOnlySpan<int> from = Buffers.Offsets<int>(data);
        ArrowBuffer offsets = Buffers.New(rows.Length + 1, out Span<int> to);
        for (int i = 0; i < rows.Length; i++)
        {
            to[i + 1] = checked(to[i] + from[rows[i] + 1] - from[rows[i]]);
        }

        ArrowBuffer text = Buffers.New(to[^1], out Span<byte> bytes);
        for (int i = 0; i < rows.Length; i++)
        {
            data.Buffers[2].Span[from[rows[i]]..from[rows[i] + 1]].CopyTo(bytes[to[i]..]);
        }

        return new ArrayData(data.DataType, rows.Length, nulls, 0, [validity, offsets, text]);
    }

    private static ArrayData Lists(ArrayData data, ReadOnlySpan<int> rows, ArrowBuffer validity, int nulls)
    {
        ReadOnlySpan<int> from = Buffers.Offsets<int>(data);
        ArrowBuffer offsets = Buffers.New(rows.Length + 1, out Span<int> to);
        for (int i = 0; i < rows.Length; i++)
        {
            int length = Buffers.IsValid(data, rows[i]) ? from[rows[i] + 1] - from[rows[i]] : 0;
            to[i + 1] = checked(to[i] + length);
        }

        int[] elements = new int[to[^1]];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = to[i]; j < to[i + 1]; j++)
            {
                elements[j] = from[rows[i]] + j - to[i];
            }
        }

        return new ArrayData(
            data.DataType, rows.Length, nulls, 0, [validity, offsets], [Take(data.Children[0], elements)]);
    }

    private static ArrowBuffer Validity(ArrayData data, ReadOnlySpan<int> rows, out int nulls)
    {
        nulls = 0;
        if (Buffers.NullCount(data) == 0)
        {
            return ArrowBuffer.Empty;
        }

        ArrowBuffer validity = Buffers.NewBits(rows.Length, out Span<byte> bits);
        for (int i = 0; i < rows.Length; i++)
        {
            if (Buffers.IsValid(data, rows[i]))
            {
                BitUtility.SetBit(bits, i);
            }
            else
            {
                nulls++;
            }
        }

        return validity;
    }
}
