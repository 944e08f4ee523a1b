using System.Buffers.Binary;
using System.Text;

namespace OneRec.Worker.Protocol;

/// <summary>Writes the input of Java's <c>DataInputStream</c>: big-endian, text with an int length.</summary>
public sealed class WireWriter(Stream to)
{
    /// <summary>The underlying stream.</summary>
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

    /// <summary>Sends the buffered bytes.</summary>
    public void Flush() => to.Flush();
}

/// <summary>Special values in place of a length, named as in Spark.</summary>
/// <remarks>
/// <c>core/src/main/scala/org/apache/spark/api/python/PythonRunner.scala</c> (object <c>SpecialLengths</c>), and
/// <c>python/pyspark/serializers.py</c> (class <c>SpecialLengths</c>), Spark 3.5.3 and 4.0.5.
/// </remarks>
public static class SpecialLengths
{
    /// <summary><c>END_OF_DATA_SECTION</c>: no more rows; accumulator updates follow.</summary>
    public const int EndOfDataSection = -1;

    /// <summary><c>PYTHON_EXCEPTION_THROWN</c>: the failure follows, as text.</summary>
    public const int PythonExceptionThrown = -2;

    /// <summary><c>TIMING_DATA</c>: three times and two spill sizes follow.</summary>
    public const int TimingData = -3;

    /// <summary><c>END_OF_STREAM</c>: the exchange for this task is over.</summary>
    public const int EndOfStream = -4;

    /// <summary><c>START_ARROW_STREAM</c>: an Arrow stream follows.</summary>
    public const int StartArrowStream = -6;
}
