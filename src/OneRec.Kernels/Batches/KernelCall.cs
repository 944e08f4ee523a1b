using System.Text.Json.Nodes;
using Apache.Arrow;

namespace OneRec.Kernels.Batches;

/// <summary>A kernel by name with its parameters: small enough to travel to an executor as text.</summary>
/// <param name="Name">A name of the <see cref="KernelRegistry"/>, such as <c>swing</c>.</param>
/// <param name="Parameters">What the kernel's constructor reads. Large things go as side inputs.</param>
/// <param name="Output">The schema of what it returns; the worker checks its batches against it.</param>
public sealed record KernelCall(string Name, JsonObject Parameters, Schema Output)
{
    /// <summary>Whether its tasks work on a GPU: what a scheduler may give to them alone.</summary>
    public bool UsesGpu { get; init; }
}
