using System.Buffers;
using Apache.Arrow;
using Apache.Arrow.Memory;

namespace OneRec.Kernels.Batches;

/// <summary>Garbage-collected memory for batches read from Arrow streams: it lives as long as anything refers to it.</summary>
/// <remarks>
/// With the library's default allocator, a batch from a stream owns the bytes of all its columns, and a column retained
/// after the batch is disposed (<see cref="SharedColumn"/>) points to freed memory (Apache.Arrow 23). With this allocator
/// disposing frees nothing, so nothing is freed too early. Use it for every stream whose batches go to kernels or steps.
/// </remarks>
public sealed class CollectedMemory : MemoryAllocator
{
    private CollectedMemory()
    {
    }

    /// <summary>The only instance; thread-safe.</summary>
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

/// <summary>Passes a column on without copying it.</summary>
public static class SharedColumn
{
    /// <summary>A second reference to a column's buffers. The memory is freed once both are disposed.</summary>
    public static IArrowArray Of(IArrowArray column) => ArrowArrayFactory.BuildArray(column.Data.Retain());
}
