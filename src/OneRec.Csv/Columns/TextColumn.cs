using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Csv.Columns;

/// <summary>Builds a STRING column.</summary>
internal sealed class TextColumn : ColumnBuilder
{
    private int[] _offsets = new int[1025];
    private byte[] _bytes = new byte[1 << 14];

    /// <inheritdoc/>
    protected override bool TryAdd(ReadOnlySpan<byte> text)
    {
        int from = _offsets[Count];
        int end = checked(from + text.Length);
        if (end > _bytes.Length)
        {
            System.Array.Resize(ref _bytes, (int)Math.Min(Math.Max(2L * _bytes.Length, end), System.Array.MaxLength));
        }

        text.CopyTo(_bytes.AsSpan(from));
        End(end);
        return true;
    }

    /// <inheritdoc/>
    protected override void AddPlaceholder() => End(_offsets[Count]);

    /// <inheritdoc/>
    protected override IArrowArray Build(int count, int nulls, ArrowBuffer valid) => new StringArray(new ArrayData(
        StringType.Default,
        count,
        nulls,
        0,
        [
            valid,
            Copy(MemoryMarshal.AsBytes(_offsets.AsSpan(0, count + 1))),
            Copy(_bytes.AsSpan(0, _offsets[count])),
        ]));

    private void End(int end)
    {
        Grow(ref _offsets, Count + 1);
        _offsets[Count + 1] = end;
    }
}
