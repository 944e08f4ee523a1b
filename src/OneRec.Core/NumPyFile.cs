using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace OneRec.Core;

/// <summary>
/// A NumPy array on disk (<c>.npy</c>, formats 1 to 3; https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): fixed-size
/// values, the last index fastest.
/// </summary>
public sealed partial class NumPyFile : IDisposable
{
    private const int MagicBytes = 8;
    private const int MostHeaderBytes = 1 << 20;

    private readonly SafeFileHandle _file;
    private readonly long _start;

    private NumPyFile(string path, SafeFileHandle file, long start, NumPyType type, IReadOnlyList<long> shape) =>
        (Path, _file, _start, Type, Shape) = (path, file, start, type, shape);

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>The type of the values.</summary>
    public NumPyType Type { get; }

    /// <summary>The length of each dimension.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="OneRecException">
    /// Input error <c>input.npy</c>: the file cannot be read, is no such array, is cut, holds Python objects, or has its first index fastest
    /// (exit 3).
    /// </exception>
    public static NumPyFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path);
            (string header, long start) = Header(path, file);
            Match match = Description().Match(header);
            if (!match.Success)
            {
                throw Problem(path, ObjectType().IsMatch(header)
                    ? "holds structures or Python objects; write plain numbers or texts, for example with x.astype('float32')"
                    : "has a header that is not NumPy's; write it with numpy.save");
            }

            var type = new NumPyType(match.Groups["order"].Value is ">", match.Groups["kind"].Value[0], int.Parse(match.Groups["size"].Value, CultureInfo.InvariantCulture));
            if (type.IsBigEndian && type.ItemBytes > 1)
            {
                throw Problem(path, "has the highest byte first; write it with x.astype(x.dtype.newbyteorder('<'))");
            }

            long[] shape = [.. match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(n => long.Parse(n, CultureInfo.InvariantCulture))];
            if (match.Groups["fortran"].Value == "True" && shape.Length > 1)
            {
                throw Problem(path, "is in Fortran's order; write it with numpy.ascontiguousarray(x)");
            }

            var array = new NumPyFile(path, file, start, type, shape);
            long expected = checked(start + (shape.Aggregate(1L, (all, n) => checked(all * n)) * type.ItemBytes));
            return RandomAccess.GetLength(file) >= expected ? array : throw Problem(path, "is cut: its shape needs more bytes than it has; copy it again");
        }
        catch (Exception e)
        {
            file?.Dispose();
            throw e switch
            {
                OneRecException => e,
                OverflowException or FormatException => Problem(path, "has a header that is not NumPy's; write it with numpy.save"),
                IOException or UnauthorizedAccessException => OneRecException.Input("input.unreadable", SystemFailure.Line($"{path}: cannot be read", e), e),
                _ => e,
            };
        }
    }

    /// <summary>Reads consecutive values as bytes, little-endian.</summary>
    /// <param name="first">The index of the first value, the array taken as flat.</param>
    /// <param name="values">Receives whole values.</param>
    /// <exception cref="OneRecException">The file cannot be read, or became shorter (exit 3).</exception>
    public void Read(long first, Span<byte> values)
    {
        try
        {
            long at = _start + (first * Type.ItemBytes);
            while (values.Length > 0)
            {
                int read = RandomAccess.Read(_file, values, at);
                if (read == 0)
                {
                    throw OneRecException.Input("input.changed", $"{Path}: the file changed while it was read; run the step again");
                }

                values = values[read..];
                at += read;
            }
        }
        catch (IOException e)
        {
            throw OneRecException.Input("input.unreadable", SystemFailure.Line($"{Path}: cannot be read", e), e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Creates the error of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What is wrong, and what to do.</param>
    public static OneRecException Problem(string path, string what) => OneRecException.Input("input.npy", $"{path} {what}");

    private static (string Text, long Start) Header(string path, SafeFileHandle file)
    {
        byte[] head = new byte[MagicBytes + sizeof(uint)];
        int read = RandomAccess.Read(file, head, 0);
        if (read < MagicBytes + 2 || !head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x93, .. "NUMPY"u8]))
        {
            throw Problem(path, "is no NumPy array; write it with numpy.save");
        }

        bool isLong = head[6] >= 2;
        long length = isLong ? BitConverter.ToUInt32(head, MagicBytes) : BitConverter.ToUInt16(head, MagicBytes);
        long start = MagicBytes + (isLong ? sizeof(uint) : sizeof(ushort)) + length;
        if (head[6] is 0 or > 3 || length > MostHeaderBytes || RandomAccess.GetLength(file) < start)
        {
            throw Problem(path, "has a header that is not NumPy's; write it with numpy.save");
        }

        byte[] text = new byte[length];
        RandomAccess.Read(file, text, start - length);
        return (Encoding.UTF8.GetString(text), start);
    }

    [GeneratedRegex(
        @"\A\{\s*'descr':\s*'(?<order>[<>|=]?)(?<kind>[a-zA-Z])(?<size>[0-9]{1,9})',\s*'fortran_order':\s*(?<fortran>True|False),\s*'shape':\s*\((?<shape>[0-9, ]*)\),?\s*\}\s*\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Description();

    [GeneratedRegex(@"'descr':\s*(\[|'\|?O')", RegexOptions.CultureInvariant)]
    private static partial Regex ObjectType();
}

/// <summary>The type of the values of a NumPy array.</summary>
/// <param name="IsBigEndian">Whether the highest byte is first.</param>
/// <param name="Kind">NumPy's letter: <c>f</c>, <c>i</c>, <c>u</c>, <c>b</c>, <c>U</c> (texts of UTF-32), <c>S</c> (bytes).</param>
/// <param name="Size">Bytes of a number or of bytes; characters of a text.</param>
public readonly record struct NumPyType(bool IsBigEndian, char Kind, int Size)
{
    /// <summary>Bytes of a value.</summary>
    public int ItemBytes => Kind == 'U' ? 4 * Size : Size;

    /// <summary>NumPy's name, such as <c>f4</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}{Size}");
}
