namespace OneRec.Scoring.Onnx;

/// <summary>The device that a model runs on.</summary>
/// <param name="CudaId">The number of the CUDA device; null for the CPU.</param>
/// <param name="MemoryLimit">Bytes of device memory that a session may use; null for no limit.</param>
public sealed record ExecutionDevice(int? CudaId, long? MemoryLimit)
{
    /// <summary>The CPU.</summary>
    public static ExecutionDevice Cpu { get; } = new(null, null);

    /// <summary>A CUDA device.</summary>
    public static ExecutionDevice Cuda(int id, long? memoryLimit = null) => new(id, memoryLimit);

    /// <summary>Whether it is a CUDA device.</summary>
    public bool IsCuda => CudaId is not null;

    /// <summary>Its name, <c>cpu</c> or <c>cuda:0</c>.</summary>
    public override string ToString() => CudaId is { } id ? $"cuda:{id}" : "cpu";
}
