using OneRec.Core;

namespace OneRec.Pipeline.Running;

/// <summary>The steps by name.</summary>
public sealed class StepCatalogue(IReadOnlyList<IStep> steps)
{
    /// <summary>Names in the order of <c>run</c>.</summary>
    public IReadOnlyList<string> RunOrder { get; } = [.. steps.Select(s => s.Name)];

    /// <summary>The steps in the order of <c>run</c>.</summary>
    public IReadOnlyList<IStep> Steps => steps;

    /// <summary>A step by name.</summary>
    /// <exception cref="OneRecException">No step has that name (exit 2).</exception>
    public IStep Find(string name) => steps.FirstOrDefault(s => s.Name == name)
        ?? throw OneRecException.Configuration(
            "step.unknown",
            $"no step '{name}'; the steps are {string.Join(", ", RunOrder)}");
}
