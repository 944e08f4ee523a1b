using System.Buffers.Binary;
using System.Text;

namespace OneRec.Worker.Protocol;

/// <summary>Writes what Java's <c>DataInputStream</c> reads: big-endian, texts with an int length.</summary>
public sealed class WireWriter(Stream to)
{
    /// <summary>Where the bytes go.</summary>
    public Stream BaseStream => to;

    /// <summary>Four bytes.</summary>
    public void WriteInt(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        to.Write(bytes);
    }

    /// <summary>Eight bytes.</summary>
    public void WriteLong(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        to.Write(bytes);
    }

    /// <summary>An int length and the text's UTF-8 bytes.</summary>
    public void WriteText(string text) => WriteBytes(Encoding.UTF8.GetBytes(text));

    /// <summary>An int length and the bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteInt(bytes.Length);
        to.Write(bytes);
    }

    /// <summary>Sends what is buffered.</summary>
    public void Flush() => to.Flush();
}
