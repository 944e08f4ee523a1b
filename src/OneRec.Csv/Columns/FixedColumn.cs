using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Csv.Columns;

/// <summary>Builds a column of fixed-width values.</summary>
internal sealed class FixedColumn<T, TParser>(TParser parser, IArrowType type) : ColumnBuilder
    where T : unmanaged
    where TParser : struct, ITextParser<T>
{
    private T[] _values = new T[1024];

    /// <inheritdoc/>
    protected override bool TryAdd(ReadOnlySpan<byte> text)
    {
        Grow(ref _values, Count);
        return parser.TryParse(text, out _values[Count]);
    }

    /// <inheritdoc/>
    protected override void AddPlaceholder()
    {
        Grow(ref _values, Count);
        _values[Count] = default;
    }

    /// <inheritdoc/>
    protected override IArrowArray Build(int count, int nulls, ArrowBuffer valid) => ArrowArrayFactory.BuildArray(
        new ArrayData(type, count, nulls, 0, [valid, Copy(MemoryMarshal.AsBytes(_values.AsSpan(0, count)))]));
}
