using OneRec.Core;
using OneRec.Pipeline.Steps.Assign;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Steps.Pairs;
using OneRec.Pipeline.Steps.Publish;
using OneRec.Pipeline.Steps.Report;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Pipeline.Steps.Train;

namespace OneRec.Pipeline.Running;

/// <summary>The steps by name.</summary>
public sealed class StepCatalogue(IReadOnlyList<IStep> steps)
{
    /// <summary>The project's steps in the order of <c>run</c>.</summary>
    public static StepCatalogue All { get; } = new(
    [
        new IngestStep(),
        new SwingStep(),
        new PairsStep(),
        new EmbedStep(),
        new TrainStep(),
        new AssignStep(),
        new EvaluateStep(),
        new PublishStep(),
        new ReportStep(),
    ]);

    /// <summary>Names in the order of <c>run</c>.</summary>
    public IReadOnlyList<string> RunOrder { get; } = [.. steps.Select(s => s.Name)];

    /// <summary>A step by name.</summary>
    /// <exception cref="OneRecException">No step has that name (exit 2).</exception>
    public IStep Find(string name) => steps.FirstOrDefault(s => s.Name == name)
        ?? throw OneRecException.Configuration(
            "step.unknown",
            $"no step '{name}'; the steps are {string.Join(", ", RunOrder)}");
}
