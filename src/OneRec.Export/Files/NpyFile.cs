using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace OneRec.Export.Files;

/// <summary>
/// A NumPy array of integers, written value by value: the format of version 1.0
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). The header has a fixed size and gets its shape at the end.
/// </summary>
internal sealed class NpyFile : IDisposable
{
    private const int HeaderBytes = 128;

    private readonly Stream _stream;
    private readonly int _bytes;
    private readonly int? _rows;

    private NpyFile(Stream stream, int bytes, int? rows)
    {
        (_stream, _bytes, _rows) = (stream, bytes, rows);
        _stream.Write(new byte[HeaderBytes]);
    }

    /// <summary>Number of values so far.</summary>
    public long Count { get; private set; }

    /// <summary>A vector of 32-bit integers.</summary>
    public static NpyFile Int32(Stream stream) => new(stream, sizeof(int), null);

    /// <summary>A vector of 64-bit integers.</summary>
    public static NpyFile Int64(Stream stream) => new(stream, sizeof(long), null);

    /// <summary>A matrix of 64-bit integers, written column by column: in the order that NumPy calls Fortran's.</summary>
    /// <param name="stream">Can seek; disposed with this.</param>
    /// <param name="rows">Number of rows.</param>
    public static NpyFile Columns(Stream stream, int rows) => new(stream, sizeof(long), rows);

    /// <summary>Writes the next value.</summary>
    public void Add(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        if (_bytes == sizeof(int))
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, checked((int)value));
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        }

        _stream.Write(bytes[.._bytes]);
        Count++;
    }

    /// <summary>Writes the header. Without it the file is no array.</summary>
    public void Finish()
    {
        string shape = _rows is { } rows
            ? string.Create(CultureInfo.InvariantCulture, $"({rows}, {Count / rows})")
            : string.Create(CultureInfo.InvariantCulture, $"({Count},)");
        string order = _rows is null ? "False" : "True";
        string about = $"{{'descr': '<i{_bytes}', 'fortran_order': {order}, 'shape': {shape}, }}";
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Fill((byte)' ');
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header[1..]);
        (header[6], header[7]) = (1, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], HeaderBytes - 10);
        Encoding.ASCII.GetBytes(about, header[10..]);
        header[^1] = (byte)'\n';
        _stream.Position = 0;
        _stream.Write(header);
        _stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
