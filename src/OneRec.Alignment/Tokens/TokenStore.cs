using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace OneRec.Alignment.Tokens;

/// <summary>
/// The token vectors of items in a scratch file, as float16: written once in the order of items, then read in any order by
/// any number of threads. The file has no name once it is open, so that it is gone with the process however that ends.
/// </summary>
internal sealed class TokenStore : IDisposable
{
    private readonly FileStream _file;
    private readonly List<long> _starts = [];
    private readonly List<int> _counts = [];
    private readonly double[] _squares;
    private readonly long[] _vectors;
    private long _end;

    /// <summary>Creates the file.</summary>
    /// <param name="path">A path that does not exist.</param>
    /// <param name="dimensions">Dimensions of the vectors of each block.</param>
    public TokenStore(string path, IReadOnlyList<int> dimensions)
    {
        Dimensions = dimensions;
        _squares = new double[dimensions.Count];
        _vectors = new long[dimensions.Count];
        _file = new FileStream(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, 1 << 20, FileOptions.RandomAccess);
        File.Delete(path);
    }

    /// <summary>Creates a store in a folder, which is made where it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="dimensions">Dimensions of the vectors of each block.</param>
    public static TokenStore In(string folder, IReadOnlyList<int> dimensions)
    {
        Directory.CreateDirectory(folder);
        return new TokenStore(Path.Combine(folder, $".tokens-{Guid.NewGuid():N}"), dimensions);
    }

    /// <summary>Dimensions of the vectors of each block.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>Number of items.</summary>
    public int Items => _counts.Count / Dimensions.Count;

    /// <summary>Number of vectors of all items.</summary>
    public long Vectors => _vectors.Sum();

    /// <summary>Adds the next item.</summary>
    /// <param name="blocks">For each block its vectors, [n, dimensions] row-major float16; none if it has no data for the item.</param>
    public void Add(params ReadOnlySpan<ReadOnlyMemory<Half>> blocks)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(blocks.Length, Dimensions.Count);
        for (int b = 0; b < blocks.Length; b++)
        {
            ReadOnlySpan<Half> values = blocks[b].Span;
            _starts.Add(_end);
            _counts.Add(values.Length / Dimensions[b]);
            _vectors[b] += values.Length / Dimensions[b];
            _squares[b] += SquaresOf(values);
            _file.Write(MemoryMarshal.AsBytes(values));
            _end += values.Length * (long)sizeof(ushort);
        }
    }

    /// <summary>Call after the last item was added.</summary>
    public void Complete() => _file.Flush();

    /// <summary>Number of vectors of an item.</summary>
    public int Length(int item)
    {
        int length = 0;
        for (int b = 0; b < Dimensions.Count; b++)
        {
            length += _counts[(item * Dimensions.Count) + b];
        }

        return length;
    }

    /// <summary>The root mean square of a block's values; 1 if it has none.</summary>
    public double RootMeanSquare(int block) =>
        _squares[block] > 0 ? Math.Sqrt(_squares[block] / (_vectors[block] * (double)Dimensions[block])) : 1;

    /// <summary>The token vectors of some items. Thread-safe after <see cref="Complete"/>.</summary>
    public TokenBatch Read(ReadOnlySpan<int> items)
    {
        var blocks = new TokenBlockBatch[Dimensions.Count];
        for (int b = 0; b < blocks.Length; b++)
        {
            blocks[b] = Read(items, b);
        }

        return new TokenBatch(items.Length, blocks);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static double SquaresOf(ReadOnlySpan<Half> values)
    {
        double sum = 0;
        Span<float> wide = stackalloc float[256];
        for (int at = 0; at < values.Length; at += wide.Length)
        {
            ReadOnlySpan<Half> part = values[at..Math.Min(values.Length, at + wide.Length)];
            TensorPrimitives.ConvertToSingle(part, wide);
            sum += TensorPrimitives.SumOfSquares<float>(wide[..part.Length]);
        }

        return sum;
    }

    private TokenBlockBatch Read(ReadOnlySpan<int> items, int block)
    {
        int d = Dimensions[block];
        int longest = 1;
        foreach (int item in items)
        {
            longest = Math.Max(longest, _counts[(item * Dimensions.Count) + block]);
        }

        // Written in place: a managed copy of a step's vectors would double them.
        TorchSharp.torch.Tensor vectors = zeros(items.Length, longest, d);
        TorchSharp.torch.Tensor mask = zeros(items.Length, longest);
        Span<float> vectorValues = MemoryMarshal.Cast<byte, float>(vectors.bytes);
        Span<float> maskValues = MemoryMarshal.Cast<byte, float>(mask.bytes);
        Half[] narrow = ArrayPool<Half>.Shared.Rent(longest * d);
        try
        {
            for (int i = 0; i < items.Length; i++)
            {
                int place = (items[i] * Dimensions.Count) + block;
                int count = _counts[place];
                Span<Half> own = narrow.AsSpan(0, count * d);
                ReadExactly(MemoryMarshal.AsBytes(own), _starts[place]);
                TensorPrimitives.ConvertToSingle(own, vectorValues.Slice(i * longest * d, count * d));
                maskValues.Slice(i * longest, count).Fill(1);
            }
        }
        finally
        {
            ArrayPool<Half>.Shared.Return(narrow);
        }

        return new TokenBlockBatch(vectors, mask);
    }

    private void ReadExactly(Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(_file.SafeFileHandle, bytes, offset);
            if (read == 0)
            {
                throw new IOException($"{_file.Name}: token vectors in scratch end early");
            }

            bytes = bytes[read..];
            offset += read;
        }
    }
}
