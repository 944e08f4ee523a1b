using Apache.Arrow;
using OneRec.Csv.Types;

namespace OneRec.Csv.Columns;

/// <summary>Builds a BOOLEAN column.</summary>
internal sealed class BooleanColumn : ColumnBuilder
{
    private byte[] _bits = new byte[128];

    /// <inheritdoc/>
    protected override bool TryAdd(ReadOnlySpan<byte> text)
    {
        AddPlaceholder();
        bool isBoolean = TypedText.TryBoolean(text, out bool value);
        if (value)
        {
            _bits[Count >> 3] |= (byte)(1 << (Count & 7));
        }

        return isBoolean;
    }

    /// <inheritdoc/>
    protected override void AddPlaceholder() => Grow(ref _bits, Count >> 3);

    /// <inheritdoc/>
    protected override IArrowArray Build(int count, int nulls, ArrowBuffer valid)
    {
        ArrowBuffer bits = Copy(_bits.AsSpan(0, (count + 7) / 8));
        System.Array.Clear(_bits);
        return new BooleanArray(bits, valid, count, nulls, 0);
    }
}
