using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;
using Apache.Arrow.Memory;

namespace OneRec.Engine.Local.Vectors;

/// <summary>
/// Memory of batches that come and go: what a disposed batch gives back is what the next one gets. Fresh memory for each
/// costs several times the copying, and the collector's peak with it.
/// </summary>
/// <remarks>Thread-safe. As with any counted memory, who keeps a column beyond its batch retains it.</remarks>
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
