using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace OneRec.Csv.Records;

/// <summary>Whole lines of a CSV file.</summary>
/// <remarks>
/// The tokenizer would end a record at a carriage return without a line feed. Such a byte is replaced by one that the
/// block has nowhere, so that the record with it can be told.
/// </remarks>
internal sealed class LineBlock
{
    /// <summary>Bytes that a record may have.</summary>
    public const int Longest = 16 << 20;

    // Bytes that UTF-8 never has.
    private static readonly byte[] Marks = [0xC0, 0xC1, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF];

    /// <summary>A block.</summary>
    /// <param name="bytes">A line feed, then lines; changed in place.</param>
    /// <param name="end">Where the lines end.</param>
    /// <param name="isTooLong">Whether they are the beginning of one line that is longer than a record may be.</param>
    public LineBlock(byte[] bytes, int end, bool isTooLong = false)
    {
        Bytes = bytes;
        End = end;
        IsTooLong = isTooLong;
        Span<byte> lines = bytes.AsSpan(1, end - 1);
        IsUtf8 = Utf8.IsValid(lines);
        Mark = MarkReturns(lines);
    }

    /// <summary>The bytes; lines are from 1 to <see cref="End"/>.</summary>
    public byte[] Bytes { get; }

    /// <summary>Where the lines end.</summary>
    public int End { get; }

    /// <summary>Whether this is the beginning of one line that is longer than a record may be.</summary>
    public bool IsTooLong { get; }

    /// <summary>Whether all bytes are UTF-8.</summary>
    public bool IsUtf8 { get; }

    /// <summary>The byte that stands for a carriage return without a line feed; null where there is none.</summary>
    public byte? Mark { get; }

    /// <summary>Whether every byte of some is as the file has it, and UTF-8.</summary>
    public bool IsPlain => IsUtf8 && Mark is null;

    /// <summary>Gives the bytes back to the pool that <see cref="LineBlocks"/> took them from; the block is not used again.</summary>
    public void Release() => ArrayPool<byte>.Shared.Return(Bytes);

    /// <summary>The block's bytes as the file has them.</summary>
    public byte[] Original(ReadOnlySpan<byte> bytes)
    {
        byte[] original = bytes.ToArray();
        if (Mark is { } mark)
        {
            original.AsSpan().Replace(mark, (byte)'\r');
        }

        return original;
    }

    /// <summary>The block's bytes as text; a replacement character stands where there is no UTF-8.</summary>
    public string Text(ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetString(Mark is null || bytes.IndexOf(Mark.Value) < 0 ? bytes : Original(bytes));

    /// <summary>Whether some of the block's bytes hold a carriage return without a line feed.</summary>
    public bool HasLoneReturn(ReadOnlySpan<byte> bytes) => Mark is { } mark && bytes.Contains(mark);

    /// <summary>The place of the first byte that is no UTF-8; -1 where all are.</summary>
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

        // No text has them all: the record is no UTF-8 whichever is taken.
        return Marks[0];
    }
}
