using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Alignment.Safetensors;

/// <summary>
/// A safetensors file: 8 bytes with the length of a JSON header, the header, then the tensors' bytes, little-endian
/// (huggingface.co/docs/safetensors). Only the header is read at first.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const int MostHeader = 100_000_000;

    private readonly FileStream _file;
    private readonly long _data;

    private SafetensorsFile(string path, FileStream file, long data, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        Path = path;
        _file = file;
        _data = data;
        Tensors = tensors;
    }

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="OneRecException">Engine error <c>align.safetensors</c>: the file cannot be read or is damaged.</exception>
    public static SafetensorsFile Open(string path)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            Span<byte> length = stackalloc byte[sizeof(long)];
            file.ReadExactly(length);
            long header = BinaryPrimitives.ReadInt64LittleEndian(length);
            if (header is < 2 or > MostHeader || header > file.Length - sizeof(long))
            {
                throw new InvalidDataException($"its header has {header} bytes, the file {file.Length}");
            }

            var json = new byte[header];
            file.ReadExactly(json);
            long data = sizeof(long) + header;
            return new SafetensorsFile(path, file, data, Parse(json, file.Length - data));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            file?.Dispose();
            throw Damaged(path, e.Message, e);
        }
    }

    /// <summary>The values of a tensor as float.</summary>
    /// <exception cref="OneRecException">Engine error <c>align.safetensors</c>: it is missing, or has another shape or type.</exception>
    public float[] Read(string name, ReadOnlySpan<long> shape)
    {
        if (!Tensors.TryGetValue(name, out StoredTensor? tensor))
        {
            throw Damaged(Path, $"it has no tensor '{name}'");
        }

        if (!shape.SequenceEqual(tensor.Shape))
        {
            throw Damaged(Path, $"tensor '{name}' is [{string.Join(", ", tensor.Shape)}], not [{string.Join(", ", shape.ToArray())}]");
        }

        var bytes = new byte[tensor.End - tensor.Start];
        long at = _data + tensor.Start;
        for (int done = 0; done < bytes.Length;)
        {
            int read = RandomAccess.Read(_file.SafeFileHandle, bytes.AsSpan(done), at + done);
            done += read > 0 ? read : throw Damaged(Path, "it ends early");
        }

        return Widen(name, tensor, bytes);
    }

    /// <summary>Writes a file of float tensors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Name, shape and values, in order.</param>
    public static void Write(string path, IEnumerable<(string Name, long[] Shape, float[] Values)> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var header = new JsonObject();
        var parts = new List<float[]>();
        long at = 0;
        foreach ((string name, long[] shape, float[] values) in tensors)
        {
            long end = at + (values.Length * (long)sizeof(float));
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. shape.Select(n => JsonValue.Create(n))]),
                ["data_offsets"] = new JsonArray(at, end),
            };
            parts.Add(values);
            at = end;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        file.Write(length);
        file.Write(json);
        parts.ForEach(values => file.Write(MemoryMarshal.AsBytes(values.AsSpan())));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static Dictionary<string, StoredTensor> Parse(byte[] json, long bytes)
    {
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        JsonObject header = JsonNode.Parse(json) as JsonObject ?? throw new InvalidDataException("its header is not a JSON object");
        foreach ((string name, JsonNode? node) in header)
        {
            if (name == "__metadata__")
            {
                continue;
            }

            JsonArray offsets = node?["data_offsets"]?.AsArray() ?? throw new InvalidDataException($"tensor '{name}' has no data_offsets");
            long[] shape = [.. (node["shape"]?.AsArray() ?? throw new InvalidDataException($"tensor '{name}' has no shape")).Select(n => (long)n!)];
            var tensor = new StoredTensor((string?)node["dtype"] ?? "", shape, (long)offsets[0]!, (long)offsets[1]!);
            Int128 values = shape.Aggregate(Int128.One, (all, n) => n < 0 ? -1 : all * n);
            if (values < 0 || tensor.Start < 0 || tensor.End > bytes || tensor.Bytes is { } each && values * each != tensor.End - tensor.Start)
            {
                throw new InvalidDataException($"tensor '{name}' has bytes {tensor.Start} to {tensor.End} of {bytes}, which is not its shape");
            }

            tensors.Add(name, tensor);
        }

        return tensors;
    }

    private float[] Widen(string name, StoredTensor tensor, byte[] bytes)
    {
        switch (tensor.Type)
        {
            case "F32":
                return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
            case "F16":
                var halves = new float[bytes.Length / sizeof(ushort)];
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), halves);
                return halves;
            case "BF16":
                return [.. MemoryMarshal.Cast<byte, ushort>(bytes).ToArray().Select(b => BitConverter.UInt32BitsToSingle((uint)b << 16))];
            default:
                throw Damaged(Path, $"tensor '{name}' has type {tensor.Type}, not F32, F16 or BF16");
        }
    }

    private static OneRecException Damaged(string path, string what, Exception? cause = null) => OneRecException.Engine(
        "align.safetensors", $"{path}: cannot be used: {what.Split('\n')[0]}; use a folder with all weights of a LLaMA model, as Hugging Face stores it", cause);
}

/// <summary>A tensor of a safetensors file.</summary>
/// <param name="Type">Such as <c>BF16</c>.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Start">First byte, from the end of the header.</param>
/// <param name="End">Byte after the last.</param>
internal sealed record StoredTensor(string Type, long[] Shape, long Start, long End)
{
    /// <summary>Bytes of a value; null for a type that is not read.</summary>
    public int? Bytes => Type switch
    {
        "F32" => 4,
        "F16" or "BF16" => 2,
        _ => null,
    };
}
