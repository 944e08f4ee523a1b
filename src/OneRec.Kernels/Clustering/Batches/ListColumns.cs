using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Builds columns of lists of non-null numbers.</summary>
public static class ListColumns
{
    /// <summary>The type of a list of non-null elements.</summary>
    public static ListType TypeOf(IArrowType element) => new(new Field("element", element, nullable: false));

    /// <summary>Lists of equal length.</summary>
    /// <param name="values">[n, length] row-major.</param>
    /// <param name="n">Number of lists.</param>
    public static ListArray Floats(float[] values, int n) =>
        Of(FloatType.Default, Bytes(values), values.Length, Even(n, n == 0 ? 0 : values.Length / n));

    /// <summary>Lists of equal length.</summary>
    public static ListArray Ints(int[] values, int n) =>
        Of(Int32Type.Default, Bytes(values), values.Length, Even(n, n == 0 ? 0 : values.Length / n));

    /// <summary>Lists of equal length.</summary>
    public static ListArray Doubles(double[] values, int n) =>
        Of(DoubleType.Default, Bytes(values), values.Length, Even(n, n == 0 ? 0 : values.Length / n));

    /// <summary>Lists of any length.</summary>
    /// <param name="values">All values.</param>
    /// <param name="offsets">[n + 1] the start of each list, and the end of the last.</param>
    public static ListArray Longs(long[] values, int[] offsets) =>
        Of(Int64Type.Default, Bytes(values), values.Length, offsets);

    /// <summary>Lists of any length.</summary>
    public static ListArray Floats(float[] values, int[] offsets) =>
        Of(FloatType.Default, Bytes(values), values.Length, offsets);

    /// <summary>Lists of any length.</summary>
    public static ListArray Doubles(double[] values, int[] offsets) =>
        Of(DoubleType.Default, Bytes(values), values.Length, offsets);

    /// <summary>The offsets of lists with these lengths: [n + 1].</summary>
    public static int[] Offsets(IEnumerable<int> lengths)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        int end = 0;
        return [0, .. lengths.Select(length => end += length)];
    }

    private static int[] Even(int n, int length) => [.. Enumerable.Range(0, n + 1).Select(i => i * length)];

    private static ListArray Of(IArrowType element, ArrowBuffer values, int count, int[] offsets)
    {
        var data = new ArrayData(element, count, 0, 0, [ArrowBuffer.Empty, values]);
        return new ListArray(
            TypeOf(element),
            offsets.Length - 1,
            Bytes(offsets),
            ArrowArrayFactory.BuildArray(data),
            ArrowBuffer.Empty);
    }

    private static ArrowBuffer Bytes<T>(T[] values)
        where T : struct => new(MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}
