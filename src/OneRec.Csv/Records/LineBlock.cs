using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace OneRec.Csv.Records;

/// <summary>A block of complete lines of a CSV file.</summary>
/// <remarks>
/// The tokenizer would end a record at a carriage return without a line feed. Such a byte is replaced by one that does not
/// occur in the block, so that the record can be reported.
/// </remarks>
internal sealed class LineBlock
{
    /// <summary>Maximum number of bytes in a record.</summary>
    public const int MaxBytes = 16 << 20;

    // Bytes that never occur in UTF-8.
    private static readonly byte[] Marks = [0xC0, 0xC1, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF];

    /// <summary>Creates a block.</summary>
    /// <param name="bytes">A line feed, then the lines; modified in place.</param>
    /// <param name="end">Index after the last byte of the lines.</param>
    /// <param name="isTooLong">Whether the bytes are the beginning of one line that exceeds <see cref="MaxBytes"/>.</param>
    public LineBlock(byte[] bytes, int end, bool isTooLong = false)
    {
        Bytes = bytes;
        End = end;
        IsTooLong = isTooLong;
        Span<byte> lines = bytes.AsSpan(1, end - 1);
        IsUtf8 = Utf8.IsValid(lines);
        Mark = MarkReturns(lines);
    }

    /// <summary>The bytes; the lines are those from 1 to <see cref="End"/>.</summary>
    public byte[] Bytes { get; }

    /// <summary>Index after the last byte of the lines.</summary>
    public int End { get; }

    /// <summary>Whether the block is the beginning of one line that exceeds <see cref="MaxBytes"/>.</summary>
    public bool IsTooLong { get; }

    /// <summary>Whether the lines are valid UTF-8.</summary>
    public bool IsUtf8 { get; }

    /// <summary>The byte that replaces carriage returns without a line feed; null if there are none.</summary>
    public byte? Mark { get; }

    /// <summary>Whether the lines are valid UTF-8 and unchanged from the file.</summary>
    public bool IsPlain => IsUtf8 && Mark is null;

    /// <summary>Returns the bytes to the pool that <see cref="LineBlocks"/> rented them from. Do not use the block afterwards.</summary>
    public void Release() => ArrayPool<byte>.Shared.Return(Bytes);

    /// <summary>Copies bytes of the block as they are in the file.</summary>
    public byte[] Original(ReadOnlySpan<byte> bytes)
    {
        byte[] original = bytes.ToArray();
        if (Mark is { } mark)
        {
            original.AsSpan().Replace(mark, (byte)'\r');
        }

        return original;
    }

    /// <summary>Decodes bytes of the block; invalid UTF-8 becomes a replacement character.</summary>
    public string Text(ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetString(Mark is null || bytes.IndexOf(Mark.Value) < 0 ? bytes : Original(bytes));

    /// <summary>Whether bytes of the block include a carriage return without a line feed.</summary>
    public bool HasLoneReturn(ReadOnlySpan<byte> bytes) => Mark is { } mark && bytes.Contains(mark);

    /// <summary>Index of the first byte that is not valid UTF-8; -1 if there is none.</summary>
    public int FirstNotUtf8(ReadOnlySpan<byte> bytes)
    {
        if (IsUtf8)
        {
            return -1;
        }

        int at = 0;
        while (at < bytes.Length)
        {
            if (bytes[at] < 0x80 || bytes[at] == Mark)
            {
                at++;
            }
            else if (Rune.DecodeFromUtf8(bytes[at..], out _, out int length) == OperationStatus.Done)
            {
                at += length;
            }
            else
            {
                return at;
            }
        }

        return -1;
    }

    private static byte? MarkReturns(Span<byte> lines)
    {
        byte? mark = null;
        int at = 0;
        while (at < lines.Length && lines[at..].IndexOf((byte)'\r') is >= 0 and int next)
        {
            at += next;
            if (at + 1 == lines.Length || lines[at + 1] != '\n')
            {
                mark ??= Unused(lines);
                lines[at] = mark.Value;
            }

            at++;
        }

        return mark;
    }

    private static byte Unused(ReadOnlySpan<byte> lines)
    {
        foreach (byte mark in Marks)
        {
            if (!lines.Contains(mark))
            {
                return mark;
            }
        }

        // All occur, so no choice is unique; a record with one of them is not UTF-8 anyway.
        return Marks[0];
    }
}
