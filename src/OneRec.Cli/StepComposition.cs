using OneRec.Alignment.Steps;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Assign;
using OneRec.Pipeline.Steps.Backfill;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Steps.Maintain;
using OneRec.Pipeline.Steps.Pairs;
using OneRec.Pipeline.Steps.Publish;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Pipeline.Steps.Train;
using OneRec.Report;

namespace OneRec.Cli;

/// <summary>The steps of this program. Only this class names them all; a new step is one more line here.</summary>
internal static class StepComposition
{
    /// <summary>The steps, in the order in which <c>run</c> runs them.</summary>
    public static StepCatalogue All { get; } = Compose(
    [
        new IngestStep(),
        new SwingStep(),
        new PairsStep(),
        new AlignStep(),
        new EmbedStep(),
        new TrainStep(),
        new AssignStep(),
        new EvaluateStep(),
        new PublishStep(),
        new ReportStep(),
    ]);

    private static StepCatalogue Compose(IReadOnlyList<IStep> job) => new([.. job, new BackfillStep(), new MaintainStep(StepCatalogue.TablesOf(job))]);
}
