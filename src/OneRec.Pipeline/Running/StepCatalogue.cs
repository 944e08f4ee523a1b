using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Running;

/// <summary>The steps of a program, and what follows from their descriptions.</summary>
/// <param name="steps">The steps in the order of <c>run</c>.</param>
public sealed class StepCatalogue(IReadOnlyList<IStep> steps)
{
    /// <summary>The steps in the order of <c>run</c>.</summary>
    public IReadOnlyList<IStep> Steps => steps;

    /// <summary>Names in the order of <c>run</c>.</summary>
    public IReadOnlyList<string> RunOrder { get; } = [.. steps.Select(s => s.Name)];

    /// <summary>Every table, in the order in which steps write them; <c>runs</c> last.</summary>
    public IReadOnlyList<string> Tables { get; } =
        [.. steps.SelectMany(s => s.Description.Writes).Select(t => t.Name).Distinct(StringComparer.Ordinal), "runs"];

    /// <summary>What options there are.</summary>
    public ConfigurationSchema Schema { get; } = OneRecOptions.Schema(
        [.. steps.Select(s => s.Description.Options).OfType<OptionSection>()]);

    /// <summary>Reads the options of a run.</summary>
    /// <param name="sources">Where options come from.</param>
    /// <param name="problems">Gets a line for each thing that is wrong.</param>
    /// <returns>Valid options with full paths; null where anything is wrong.</returns>
    public OneRecOptions? Load(ConfigurationSources sources, Problems problems) =>
        ConfigurationLoader.Load<OneRecOptions>(Schema, sources, (options, lines) => options.Validate(lines), problems);

    /// <summary>A step by name.</summary>
    /// <exception cref="OneRecException">No step has that name (exit 2).</exception>
    public IStep Find(string name) => steps.FirstOrDefault(s => s.Name == name)
        ?? throw OneRecException.Configuration(
            "step.unknown",
            $"no step '{name}'; the steps are {string.Join(", ", RunOrder)}");
}
