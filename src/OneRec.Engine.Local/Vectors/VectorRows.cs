using Apache.Arrow;
using Apache.Arrow.Memory;
using Apache.Arrow.Types;

namespace OneRec.Engine.Local.Vectors;

/// <summary>Rows of vectors, collected for a batch.</summary>
internal abstract class VectorRows
{
    /// <summary>Number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>Bytes of the resulting arrays.</summary>
    public abstract long Bytes { get; }

    /// <summary>Adds a row without vectors.</summary>
    public abstract void AddNull();

    /// <summary>Removes the first rows and returns them as columns of <see cref="Columns"/>; the others move to the start.</summary>
    public abstract IReadOnlyList<IArrowArray> Take(int rows);

    /// <summary>An empty buffer for rows of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="memory">Allocates the arrays.</param>
    /// <param name="most">Maximum number of bytes; more throw an <see cref="OverflowException"/>.</param>
    public static VectorRows Of(VectorKind kind, MemoryAllocator memory, int most) => kind switch
    {
        VectorKind.HalfBytes => new ByteRows(memory, most),
        VectorKind.Halves => new ListRows<Half>(HalfFloatType.Default, memory, most),
        _ => new ListRows<float>(FloatType.Default, memory, most),
    };

    /// <summary>The columns that a source attaches.</summary>
    public static IEnumerable<Field> Columns(VectorFiles source) => source.Kind switch
    {
        VectorKind.HalfBytes =>
        [
            new Field(source.Column, BinaryType.Default, nullable: true),
            new Field(VectorFiles.CountColumn, Int64Type.Default, nullable: true),
            new Field(VectorFiles.LengthColumn, Int64Type.Default, nullable: true),
        ],
        VectorKind.Halves => [new Field(source.Column, ListsOf(HalfFloatType.Default), nullable: true)],
        _ => [new Field(source.Column, ListsOf(FloatType.Default), nullable: true)],
    };

    /// <summary>The type of a list of vectors.</summary>
    protected static ListType ListsOf(IArrowType value) => ArrowTypes.ListOf(ArrowTypes.ListOf(value));

    /// <summary>A bitmap with all bits set except the given ones; empty if all are set.</summary>
    protected static ArrowBuffer Valid(int count, IReadOnlyList<int> nulls)
    {
        if (nulls.Count == 0)
        {
            return ArrowBuffer.Empty;
        }

        var bits = new ArrowBuffer.BitmapBuilder(count);
        bits.AppendRange(true, count);
        foreach (int place in nulls)
        {
            bits.Set(place, false);
        }

        return bits.Build();
    }

    /// <summary>Offsets: 0, then the end of each list.</summary>
    protected static ArrowBuffer Offsets(List<int> ends, int count) =>
        new ArrowBuffer.Builder<int>(count + 1).Append(0).Append(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ends)[..count]).Build();

    /// <summary>Removes and returns the indexes below a bound; the others are shifted down by it.</summary>
    protected static List<int> Cut(List<int> places, int bound, int shift)
    {
        List<int> below = places.FindAll(p => p < bound);
        places.RemoveAll(p => p < bound);
        for (int i = 0; i < places.Count; i++)
        {
            places[i] -= shift;
        }

        return below;
    }
}
