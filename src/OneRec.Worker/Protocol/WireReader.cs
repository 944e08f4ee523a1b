using System.Buffers.Binary;
using System.Text;
using OneRec.Core;

namespace OneRec.Worker.Protocol;

/// <summary>Reads the output of Java's <c>DataOutputStream</c> and Spark's <c>PythonRDD.writeUTF</c>: big-endian, text with an int length.</summary>
/// <param name="from">Never read beyond the requested bytes.</param>
public sealed class WireReader(Stream from)
{
    /// <summary>Maximum bytes of a text or command; a greater length means that the stream is out of step.</summary>
    public const int MaxBytes = 64 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The underlying stream.</summary>
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

    /// <summary>An int length and that many bytes.</summary>
    /// <exception cref="OneRecException">Engine error <c>worker.protocol</c>: an impossible length.</exception>
    public byte[] ReadBytes()
    {
        byte[] bytes = new byte[ReadCount("length", MaxBytes)];
        from.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>An int length and that many bytes of UTF-8.</summary>
    /// <exception cref="OneRecException">Engine error <c>worker.protocol</c>: an impossible length, or invalid UTF-8.</exception>
    public string ReadText()
    {
        try
        {
            return Utf8.GetString(ReadBytes());
        }
        catch (DecoderFallbackException e)
        {
            throw OneRecException.Engine("worker.protocol", "Spark sent text that is not valid UTF-8", e);
        }
    }

    /// <summary>The number of elements that follow.</summary>
    /// <param name="what">What is counted, for the error message.</param>
    /// <param name="most">Maximum plausible value.</param>
    /// <exception cref="OneRecException">Engine error <c>worker.protocol</c>: negative, or too large.</exception>
    public int ReadCount(string what, int most = 1 << 20)
    {
        int count = ReadInt();
        return count >= 0 && count <= most
            ? count
            : throw OneRecException.Engine(
                "worker.protocol",
                $"Spark sent a {what} of {count}, which is not plausible; the version text must name the Spark release that runs the task");
    }
}
