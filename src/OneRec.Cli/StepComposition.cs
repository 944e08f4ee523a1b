using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Assign;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Steps.Pairs;
using OneRec.Pipeline.Steps.Publish;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Pipeline.Steps.Train;
using OneRec.Report;

namespace OneRec.Cli;

/// <summary>The steps of this program: the one place that names them all.</summary>
internal static class StepComposition
{
    /// <summary>The steps in the order of <c>run</c>.</summary>
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

    /// <summary>What options there are.</summary>
    public static ConfigurationSchema Schema { get; } = OneRecOptions.Schema(
    [
        OptionSection.Of<IngestOptions>("ingest"),
        OptionSection.Of<SwingOptions>("swing"),
        OptionSection.Of<PairsOptions>("pairs"),
        OptionSection.Of<EmbedOptions>("embed"),
        OptionSection.Of<TrainOptions>("train"),
        OptionSection.Of<AssignOptions>("assign"),
        OptionSection.Of<EvaluateOptions>("evaluate"),
        OptionSection.Of<PublishOptions>("publish"),
        OptionSection.Of<ReportOptions>("report"),
    ]);

    /// <summary>Reads the options of a run.</summary>
    /// <param name="sources">Where options come from.</param>
    /// <param name="problems">Gets a line for each thing that is wrong.</param>
    /// <returns>Valid options with full paths; null where anything is wrong.</returns>
    public static OneRecOptions? Load(ConfigurationSources sources, Problems problems) =>
        ConfigurationLoader.Load<OneRecOptions>(Schema, sources, (options, lines) => options.Validate(lines), problems);
}
