using System.Buffers.Binary;

namespace OneRec.Kernels.Remote;

/// <summary>
/// How a side input lies in a broadcast: its length as 8 big-endian bytes, then an Arrow IPC stream.
/// </summary>
/// <remarks>
/// The length is ours. Where Spark decrypts a broadcast for a worker it sends the bytes bare, on a connection that stays
/// open, so a reader without a length would wait for ever.
/// </remarks>
public static class SideFraming
{
    /// <summary>Bytes of the length.</summary>
    public const int HeaderLength = sizeof(long);

    /// <summary>Writes the length of the stream that follows.</summary>
    public static void WriteHeader(Stream to, long length)
    {
        ArgumentNullException.ThrowIfNull(to);
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteInt64BigEndian(header, length);
        to.Write(header);
    }

    /// <summary>Reads the length of the stream that follows.</summary>
    /// <exception cref="EndOfStreamException">The bytes end first.</exception>
    /// <exception cref="InvalidDataException">The length is negative.</exception>
    public static long ReadHeader(Stream from)
    {
        ArgumentNullException.ThrowIfNull(from);
        Span<byte> header = stackalloc byte[HeaderLength];
        from.ReadExactly(header);
        long length = BinaryPrimitives.ReadInt64BigEndian(header);
        return length >= 0 ? length : throw new InvalidDataException($"a side input of {length} bytes");
    }
}
