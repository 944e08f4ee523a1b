using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Casts lists of any layout to 32-bit lists with contiguous elements; null lists become empty.</summary>
internal static class ListCast
{
    /// <summary>Casts the elements, given the source, type, place, and a function from element to row.</summary>
    internal delegate ArrayData ElementCast(ArrayData elements, IArrowType type, CastPlace place, Func<int, long> rowOf);

    public static ArrayData To(
        ArrayData s, IArrowType target, IArrowType element, CastPlace place, Func<int, long> rowOf, ElementCast cast)
    {
        int n = s.Length;
        long[] starts = new long[n];
        int[] lengths = new int[n];
        Bounds(s, target, place, starts, lengths);
        ArrowBuffer offsets = Buffers.New(n + 1, out Span<int> to);
        bool whole = true;
        long first = 0;
        long next = -1;
        for (int i = 0; i < n; i++)
        {
            to[i + 1] = checked(to[i] + lengths[i]);
            if (lengths[i] > 0)
            {
                first = next < 0 ? starts[i] : first;
                whole &= next < 0 || starts[i] == next;
                next = starts[i] + lengths[i];
            }
        }

        ArrayData elements = s.Children[0];
        int total = to[n];
        int[] ends = to.ToArray();
        ArrayData cast1;
        if (whole)
        {
            cast1 = cast(elements.Slice((int)first, total), element, place, j => rowOf(RowOf(ends, j)));
        }
        else
        {
            using ArrayData all = cast(elements, element, place, j => rowOf(RowAt(starts, lengths, j)));
            int[] rows = new int[total];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < lengths[i]; j++)
                {
                    rows[ends[i] + j] = (int)starts[i] + j;
                }
            }

            cast1 = ColumnGather.Take(all, rows);
        }

        return new ArrayData(target, n, Buffers.NullCount(s), 0, [Buffers.Validity(s), offsets], [cast1]);
    }

    /// <summary>The list that contains an element: the last non-empty one that starts at or before it.</summary>
    /// <param name="ends">Offsets, one more than the lists.</param>
    /// <param name="element">Index of the element.</param>
    public static int RowOf(ReadOnlySpan<int> ends, int element)
    {
        (int low, int high) = (0, ends.Length - 1);
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = ends[middle] <= element ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static int RowAt(long[] starts, int[] lengths, int element)
    {
        for (int i = 0; i < starts.Length; i++)
        {
            if (element >= starts[i] && element < starts[i] + lengths[i])
            {
                return i;
            }
        }

        return 0;
    }

    private static void Bounds(ArrayData s, IArrowType target, CastPlace place, long[] starts, int[] lengths)
    {
        switch (s.DataType)
        {
            case ListType or MapType:
                ReadOnlySpan<int> small = Buffers.Offsets<int>(s);
                for (int i = 0; i < s.Length; i++)
                {
                    (starts[i], lengths[i]) = (small[i], Buffers.IsValid(s, i) ? small[i + 1] - small[i] : 0);
                }

                break;
            case LargeListType:
                ReadOnlySpan<long> large = Buffers.Offsets<long>(s);
                for (int i = 0; i < s.Length; i++)
                {
                    (starts[i], lengths[i]) = (large[i], Buffers.IsValid(s, i) ? checked((int)(large[i + 1] - large[i])) : 0);
                }

                break;
            case FixedSizeListType fixedSize:
                for (int i = 0; i < s.Length; i++)
                {
                    starts[i] = (long)(s.Offset + i) * fixedSize.ListSize;
                    lengths[i] = Buffers.IsValid(s, i) ? fixedSize.ListSize : 0;
                }

                break;
            default:
                throw ColumnCast.WrongType(s.DataType, target, place);
        }
    }
}
