using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OneRec.Pipeline.Tests.Export;

/// <summary>
/// Reads a .npy file as NumPy's text of the format says: magic, version, length of the header, a Python dictionary padded with
/// spaces to a multiple of 64 bytes, then the values.
/// </summary>
internal sealed partial class NpyReader
{
    private readonly long[] _values;
    private readonly bool _isFortran;

    public NpyReader(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0], bytes[..8]);
        int header = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        Assert.Equal(0, (header + 10) % 64);
        string about = Encoding.Latin1.GetString(bytes, 10, header);
        Assert.EndsWith("\n", about, StringComparison.Ordinal);
        Match found = Dictionary().Match(about);
        Assert.True(found.Success, about);
        Type = found.Groups[1].Value;
        _isFortran = found.Groups[2].Value == "True";
        Shape = [.. found.Groups[3].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        int size = Type[^1] - '0';
        int count = Shape.Aggregate(1, (a, b) => a * b);
        Assert.Equal(10 + header + ((long)count * size), bytes.Length);
        _values = new long[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> at = bytes.AsSpan(10 + header + (i * size), size);
            _values[i] = size == 8 ? BinaryPrimitives.ReadInt64LittleEndian(at) : BinaryPrimitives.ReadInt32LittleEndian(at);
        }
    }

    public string Type { get; }

    public int[] Shape { get; }

    public long this[int i] => _values[i];

    public int Length => _values.Length;

    public long this[int row, int column] => _isFortran ? _values[(column * Shape[0]) + row] : _values[(row * Shape[1]) + column];

    [GeneratedRegex(@"^\{'descr': '(<i[48])', 'fortran_order': (True|False), 'shape': \(([0-9, ]*)\), \} *\n$")]
    private static partial Regex Dictionary();
}
