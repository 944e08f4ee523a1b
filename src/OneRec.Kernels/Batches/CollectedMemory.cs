using System.Buffers;
using Apache.Arrow.Memory;

namespace OneRec.Kernels.Batches;

/// <summary>Memory for batches read from Arrow streams that lives as long as anything points to it.</summary>
/// <remarks>
/// With the library's own memory a batch from a stream owns all its columns' bytes, and a column retained beyond it
/// (<see cref="SharedColumn"/>) points to freed memory (Apache.Arrow 23). With this one disposing frees nothing, and
/// nothing can be freed too early. Whoever reads a stream whose batches go to kernels or steps uses it.
/// </remarks>
public sealed class CollectedMemory : MemoryAllocator
{
    private CollectedMemory()
    {
    }

    /// <summary>The one instance; thread-safe.</summary>
    public static CollectedMemory Instance { get; } = new();

    /// <inheritdoc/>
    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        bytesAllocated = length;
        return new Owner(GC.AllocateUninitializedArray<byte>(length));
    }

    private sealed class Owner(byte[] bytes) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => bytes;

        public void Dispose()
        {
        }
    }
}
