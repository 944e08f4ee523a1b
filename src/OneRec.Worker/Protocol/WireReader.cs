using System.Buffers.Binary;
using System.Text;
using OneRec.Core;

namespace OneRec.Worker.Protocol;

/// <summary>Reads what Java's <c>DataOutputStream</c> and Spark's <c>PythonRDD.writeUTF</c> wrote: big-endian, texts with an int length.</summary>
/// <param name="from">Read to exactly what was asked for, never further.</param>
public sealed class WireReader(Stream from)
{
    /// <summary>The longest text or command that is believed; a longer one means that the bytes are not what we take them for.</summary>
    public const int MaxBytes = 64 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where the bytes come from.</summary>
    public Stream BaseStream => from;

    /// <summary>Four bytes.</summary>
    public int ReadInt()
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        from.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    /// <summary>Eight bytes.</summary>
    public long ReadLong()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        from.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }

    /// <summary>One byte; 0 is false.</summary>
    public bool ReadBool()
    {
        Span<byte> bytes = stackalloc byte[1];
        from.ReadExactly(bytes);
        return bytes[0] != 0;
    }

    /// <summary>An int length and so many bytes.</summary>
    /// <exception cref="OneRecException">Engine error <c>worker.protocol</c>: the length cannot be.</exception>
    public byte[] ReadBytes()
    {
        byte[] bytes = new byte[ReadCount("length", MaxBytes)];
        from.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>An int length and so many bytes of UTF-8.</summary>
    /// <exception cref="OneRecException">Engine error <c>worker.protocol</c>: no length, or no UTF-8.</exception>
    public string ReadText()
    {
        try
        {
            return Utf8.GetString(ReadBytes());
        }
        catch (DecoderFallbackException e)
        {
            throw OneRecException.Engine("worker.protocol", "Spark sent a text that is not UTF-8", e);
        }
    }

    /// <summary>A count of things that follow.</summary>
    /// <param name="what">What is counted, for the error.</param>
    /// <param name="most">The most that is believed.</param>
    /// <exception cref="OneRecException">Engine error <c>worker.protocol</c>: negative, or more.</exception>
    public int ReadCount(string what, int most = 1 << 20)
    {
        int count = ReadInt();
        return count >= 0 && count <= most
            ? count
            : throw OneRecException.Engine(
                "worker.protocol",
                $"Spark sent a {what} of {count}: the task's bytes are not those of the Spark release in the version text");
    }
}
