using System.Text.Json.Nodes;

namespace OneRec.Kernels.Batches;

/// <summary>Makes kernels by name, the same ones in the driver and in an executor's worker.</summary>
public sealed class KernelRegistry
{
    private readonly Dictionary<string, Func<JsonObject, IBatchKernel>> _factories = new(StringComparer.Ordinal);

    /// <summary>Adds a kernel.</summary>
    /// <param name="name">Its name, once.</param>
    /// <param name="create">Builds it from its parameters; throws <see cref="ArgumentException"/> on bad ones.</param>
    /// <returns>This registry.</returns>
    public KernelRegistry Add(string name, Func<JsonObject, IBatchKernel> create)
    {
        _factories.Add(name, create);
        return this;
    }

    /// <summary>Builds the kernel that a call names.</summary>
    /// <exception cref="ArgumentException">No kernel has that name.</exception>
    public IBatchKernel Create(KernelCall call) =>
        _factories.TryGetValue(call.Name, out Func<JsonObject, IBatchKernel>? create)
            ? create(call.Parameters)
            : throw new ArgumentException($"no kernel '{call.Name}'", nameof(call));
}
