using System.Buffers.Binary;

namespace OneRec.Kernels.Remote;

/// <summary>
/// The layout of a side input in a broadcast: its length as 8 big-endian bytes, then an Arrow IPC stream.
/// </summary>
/// <remarks>
/// The length is our addition. When Spark decrypts a broadcast for a worker, it sends the bare bytes on a connection that
/// stays open, so a reader without a length would wait forever.
/// </remarks>
public static class SideFraming
{
    /// <summary>Bytes of the length field.</summary>
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
    /// <exception cref="EndOfStreamException">The stream ends early.</exception>
    /// <exception cref="InvalidDataException">The length is negative.</exception>
    public static long ReadHeader(Stream from)
    {
        ArgumentNullException.ThrowIfNull(from);
        Span<byte> header = stackalloc byte[HeaderLength];
        from.ReadExactly(header);
        long length = BinaryPrimitives.ReadInt64BigEndian(header);
        return length >= 0 ? length : throw new InvalidDataException($"the side input has a negative length ({length})");
    }
}

/// <summary>
/// A side input that comes before a task's rows in the same stream. It is shuffled like the rows, so neither the driver nor
/// any task has to hold all of it.
/// </summary>
/// <remarks>
/// The stream has the columns of both, those of the side input renamed by <see cref="Column"/>, and <see cref="Marker"/>.
/// In each row the columns of the other one are null.
/// </remarks>
/// <param name="Name">The side input's name.</param>
public sealed record SideInputRows(string Name)
{
    /// <summary>The prefix of the side input's column names.</summary>
    public string Prefix => Name + ":";

    /// <summary>The column that tells the rows apart: INT, <see cref="OfSide"/> or <see cref="OfRows"/>, ascending.</summary>
    public string Marker => Prefix;

    /// <summary>Marks a row of the side input.</summary>
    public static int OfSide => 0;

    /// <summary>Marks a row of the kernel's input.</summary>
    public static int OfRows => 1;

    /// <summary>The name in the stream of a side input column.</summary>
    public string Column(string name) => Prefix + name;
}
