using System.Buffers.Binary;
using System.Text;
using OneRec.Core;

namespace OneRec.Parquet;

/// <summary>The ids of the rows of a NumPy matrix: an array of integers or texts, or lines of text.</summary>
public sealed class NumPyIds
{
    private const string Extension = ".npy";

    private readonly string _file;
    private readonly long[]? _numbers;
    private readonly string[]? _texts;

    private NumPyIds(string file, long[]? numbers, string[]? texts) => (_file, _numbers, _texts) = (file, numbers, texts);

    /// <summary>Number of ids.</summary>
    public int Count => _numbers?.Length ?? _texts!.Length;

    /// <summary>The file of ids beside a matrix <c>x.npy</c>, by its name: <c>x.ids.npy</c>, <c>x_ids.txt</c>, <c>ids.npy</c>; null if there is none.</summary>
    public static string? Beside(string matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        string folder = Path.GetDirectoryName(matrix)!;
        string name = Path.GetFileNameWithoutExtension(matrix);
        return Names(name).Select(n => Path.Combine(folder, n)).FirstOrDefault(f => f != matrix && File.Exists(f));
    }

    /// <summary>The names of a file of ids that are looked for beside a matrix.</summary>
    /// <param name="name">The matrix's name without its extension.</param>
    public static IEnumerable<string> Names(string name) =>
        from stem in new[] { $"{name}.ids", $"{name}_ids", "ids", "item_ids" }
        from extension in new[] { Extension, ".txt" }
        select stem + extension;

    /// <summary>Reads the ids.</summary>
    /// <exception cref="OneRecException">The file cannot be read, or holds no ids (exit 3).</exception>
    public static NumPyIds Read(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? OfArray(file) : OfLines(file);
    }

    /// <summary>Requires ids that can be compared with those of a catalogue.</summary>
    /// <param name="areNumbers">Whether the catalogue's are BIGINT; otherwise they are STRING.</param>
    /// <exception cref="OneRecException">They are of the other type (exit 3).</exception>
    public void RequireType(bool areNumbers)
    {
        if (areNumbers != _numbers is not null)
        {
            (string theirs, string ours) = areNumbers ? ("STRING", "BIGINT") : ("BIGINT", "STRING");
            throw OneRecException.Input("input.id-type", $"{_file}: the ids are {theirs}, but the catalogue's are {ours}; write them as {ours}");
        }
    }

    /// <summary>An id as a number; null if it is a text.</summary>
    public long? Number(long row) => _numbers?[row];

    /// <summary>An id as a text; null if it is a number.</summary>
    public string? Text(long row) => _texts?[row];

    private static NumPyIds OfArray(string file)
    {
        using var array = NumPyFile.Open(file);
        if (array.Shape.Count != 1)
        {
            throw NumPyFile.Problem(file, $"has {array.Shape.Count} dimensions; ids have one");
        }

        int count = checked((int)array.Shape[0]);
        int size = array.Type.ItemBytes;
        byte[] bytes = new byte[checked((long)count * size)];
        array.Read(0, bytes);
        return array.Type switch
        {
            { Kind: 'i' or 'u', Size: 1 or 2 or 4 or 8 } type => new NumPyIds(
                file, [.. Enumerable.Range(0, count).Select(n => Integer(file, n, bytes.AsSpan(n * size, size), type.Kind == 'i'))], null),
            { Kind: 'U' } => new NumPyIds(file, null, [.. Enumerable.Range(0, count).Select(n => Id(file, n, Encoding.UTF32.GetString(bytes, n * size, size)))]),
            { Kind: 'S' } => new NumPyIds(file, null, [.. Enumerable.Range(0, count).Select(n => Id(file, n, Encoding.UTF8.GetString(bytes, n * size, size)))]),
            _ => throw NumPyFile.Problem(file, $"holds {array.Type}; ids are integers or texts"),
        };
    }

    private static long Integer(string file, int row, ReadOnlySpan<byte> bytes, bool isSigned) => (bytes.Length, isSigned) switch
    {
        (1, true) => (sbyte)bytes[0],
        (1, false) => bytes[0],
        (2, true) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (4, true) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        (_, true) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes) is <= long.MaxValue and ulong number
            ? (long)number
            : throw NumPyFile.Problem(file, $"has an id above 2^63 in row {row + 1}; write it as text"),
    };

    // NumPy pads texts with NULs.
    private static string Id(string file, int row, string text) => text.TrimEnd('\0') is { Length: > 0 } id
        ? id
        : throw NumPyFile.Problem(file, $"has no id in row {row + 1}; remove the row in both files");

    private static NumPyIds OfLines(string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Input("input.unreadable", SystemFailure.Line($"{file}: cannot be read", e), e);
        }

        if (Array.FindIndex(lines, l => l.Length == 0) is >= 0 and int empty)
        {
            throw NumPyFile.Problem(file, $"has no id in row {empty + 1}; remove the row in both files");
        }

        var numbers = new long[lines.Length];
        bool areNumbers = true;
        for (int row = 0; row < lines.Length && areNumbers; row++)
        {
            areNumbers = long.TryParse(lines[row], System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out numbers[row])
                && (lines[row] == numbers[row].ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return areNumbers && lines.Length > 0 ? new NumPyIds(file, numbers, null) : new NumPyIds(file, null, lines);
    }
}
