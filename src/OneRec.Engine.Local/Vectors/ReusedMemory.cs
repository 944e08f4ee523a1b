using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;
using Apache.Arrow.Memory;

namespace OneRec.Engine.Local.Vectors;

/// <summary>
/// Memory of batches, reused: a new batch gets the memory of a disposed one. New memory for each batch costs several times as
/// much as the copying, and raises the peak of the garbage-collected heap.
/// </summary>
/// <remarks>Thread-safe. Memory is reference-counted: code that keeps a column longer than its batch must retain it.</remarks>
internal sealed class ReusedMemory : MemoryAllocator
{
    private const int Least = 64 << 10;
    private const int Usual = 16 << 20;
    private const int Kept = 4;

    private readonly ConcurrentQueue<byte[]> _idle = new();

    /// <inheritdoc/>
    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        bytesAllocated = length;
        while (_idle.TryDequeue(out byte[]? bytes))
        {
            if (bytes.Length >= length)
            {
                return new Owner(this, bytes, length);
            }
        }

        int size = length > Usual ? length : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, Least));
        return new Owner(this, GC.AllocateUninitializedArray<byte>(size), length);
    }

    private sealed class Owner(ReusedMemory pool, byte[] bytes, int length) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = bytes;

        public Memory<byte> Memory => _bytes.AsMemory(0, length);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } free && free.Length <= Usual && pool._idle.Count < Kept)
            {
                pool._idle.Enqueue(free);
            }
        }
    }
}
