using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Running;

/// <summary>The steps of the program, and everything derived from their descriptions.</summary>
/// <param name="steps">The steps in the order of <c>run</c>.</param>
public sealed class StepCatalogue(IReadOnlyList<IStep> steps)
{
    /// <summary>The steps in the order of <c>run</c>.</summary>
    public IReadOnlyList<IStep> Steps => steps;

    /// <summary>The steps of the whole job.</summary>
    public IReadOnlyList<IStep> Job { get; } = [.. steps.Where(s => !s.Description.ByNameOnly)];

    /// <summary>Names of the steps of the whole job, in order.</summary>
    public IReadOnlyList<string> RunOrder { get; } = [.. steps.Where(s => !s.Description.ByNameOnly).Select(s => s.Name)];

    /// <summary>All tables, in the order in which the steps write them; <c>failures</c> and <c>runs</c> are last.</summary>
    public IReadOnlyList<string> Tables { get; } = TablesOf(steps);

    /// <summary>All tables of steps, in the order in which they write them; <c>failures</c> and <c>runs</c> are last.</summary>
    public static IReadOnlyList<string> TablesOf(IReadOnlyList<IStep> steps) =>
        [.. steps.SelectMany(s => s.Description.Writes).Select(t => t.Name).Distinct(StringComparer.Ordinal), "failures", "runs"];

    /// <summary>The schema of all options.</summary>
    public ConfigurationSchema Schema { get; } = OneRecOptions.Schema(
        [.. steps.Select(s => s.Description.Options).OfType<OptionSection>()]);

    /// <summary>Reads the options of a run.</summary>
    /// <param name="sources">The sources of options.</param>
    /// <param name="problems">Receives one line per problem.</param>
    /// <returns>Valid options with absolute paths; null if there is any problem.</returns>
    public OneRecOptions? Load(ConfigurationSources sources, Problems problems) =>
        ConfigurationLoader.Load<OneRecOptions>(Schema, sources, (options, lines) => options.Validate(lines), problems);

    /// <summary>Finds a step by name.</summary>
    /// <exception cref="OneRecException">No step has that name (exit 2).</exception>
    public IStep Find(string name) => steps.FirstOrDefault(s => s.Name == name)
        ?? throw OneRecException.Configuration(
            "step.unknown",
            $"no step '{name}'; the steps are {string.Join(", ", RunOrder)}");
}
