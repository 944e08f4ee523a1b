using System.Text.Json.Nodes;
using Apache.Arrow;

namespace OneRec.Kernels.Batches;

/// <summary>Creates kernels by name; the driver and the worker of an executor register the same ones.</summary>
public sealed class KernelRegistry
{
    private readonly Dictionary<string, Func<JsonObject, IBatchKernel>> _factories = new(StringComparer.Ordinal);

    /// <summary>Adds a kernel.</summary>
    /// <param name="name">Its name; unique.</param>
    /// <param name="create">Creates it from its parameters; throws <see cref="ArgumentException"/> if they are invalid.</param>
    /// <returns>This registry.</returns>
    public KernelRegistry Add(string name, Func<JsonObject, IBatchKernel> create)
    {
        _factories.Add(name, create);
        return this;
    }

    /// <summary>Creates the kernel that a call names.</summary>
    /// <exception cref="ArgumentException">No kernel has that name.</exception>
    public IBatchKernel Create(KernelCall call) =>
        _factories.TryGetValue(call.Name, out Func<JsonObject, IBatchKernel>? create)
            ? create(call.Parameters)
            : throw new ArgumentException($"no kernel '{call.Name}'", nameof(call));
}

/// <summary>A kernel's name with its parameters: small enough to be sent to an executor as text.</summary>
/// <param name="Name">A name in the <see cref="KernelRegistry"/>, such as <c>swing</c>.</param>
/// <param name="Parameters">The constructor's parameters. Large data is passed as side inputs.</param>
/// <param name="Output">The schema of the output; batches are checked against it.</param>
public sealed record KernelCall(string Name, JsonObject Parameters, Schema Output)
{
    /// <summary>Whether its tasks use a GPU, which a scheduler may assign to one task at a time.</summary>
    public bool UsesGpu { get; init; }
}
