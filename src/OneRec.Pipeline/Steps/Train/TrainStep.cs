using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Kernels.Clustering.Training;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Train;

/// <summary>Trains a codebook on the embedded items by mini-batch RQ-KMeans (docs/method/rq-kmeans.md).</summary>
public sealed class TrainStep : IStep, ISkippable
{
    private const int Algorithm = 1;

    /// <inheritdoc/>
    public string Name => "train";

    /// <inheritdoc/>
    public string? SkipReason(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return !context.Options.Run.Retrain && CodebookChoice.Published(context.Engine) is { } published
            ? $"codebook {published.CodebookId} is published and stays; run.retrain=true trains another"
            : null;
    }

    /// <inheritdoc/>
    /// <exception cref="OneRecException">There are no embeddings yet (exit 4).</exception>
    public StepPlan Plan(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        TrainOptions options = context.Options.Section<TrainOptions>();
        IEnumerable<int> levels = Enumerable.Range(0, options.Levels);
        return new StepPlan("codebooks", Algorithm)
        {
            Inputs =
            {
                ["items"] = context.VersionOf("items"),
                ["item_embeddings"] = context.VersionOf("item_embeddings"),
            },
            Parameters = new JsonObject
            {
                ["model_id"] = EmbeddedItems.ModelOf(context),
                ["seed"] = context.Options.Seed,
                ["codes"] = new JsonArray([.. levels.Select(l => (JsonNode)options.CodesOf(l))]),
                ["init"] = new JsonArray([.. levels.Select(l => (JsonNode)options.InitOf(l).ToString())]),
                ["initSample"] = new JsonArray([.. levels.Select(l => (JsonNode)options.InitSampleOf(l))]),
                ["batch"] = options.BatchRows(),
                ["maxBatches"] = options.MaxBatches,
                ["epochs"] = options.Epochs,
                ["refine"] = options.Refine,
            },
        };
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepContext context, StepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(plan);
        string modelId = plan.Parameters["model_id"]!.GetValue<string>();
        EmbeddedItems items = EmbeddedItems.Of(context.Engine, modelId);
        long rows = (long)RowReader.Read(context.Engine.Collect(context.Engine.Sql(
            SqlScript.Load(typeof(TrainStep), "count_rows.sql"), ("embedded", items.Relation))))[0][0]!;
        if (rows == 0)
        {
            throw OneRecException.Input(
                "train.empty",
                $"item_embeddings has no embedding by model {modelId} of what the items hold now; run 'onerec embed' first");
        }

        var finished = new FinishedLevels(context, plan.Fingerprint(Name));
        var training = new CodebookTraining(context, items.IdType, rows, finished);
        IReadOnlyList<TrainedLevel> levels = training.Run(items);
        string codebookId = CodebookTable.IdOf(modelId, [.. levels.Select(l => l.Centroids)], training.Dims);
        CommitNote note = context.Note(this, plan) with { Result = codebookId };
        UnfinishedTraining.Remove(context, note with { Complete = false }, codebookId);
        TableVersion quality = QualityRows.Write(
            context, note with { Complete = false }, "codebook_id", codebookId, "train.", [.. Measures(levels)], codebookId);
        TableDefinition table = OneRecTables.Codebooks();
        var write = new TableWrite(
            table,
            new WriteMode.Replace(new Dictionary<string, string> { ["codebook_id"] = codebookId }),
            note);
        TableVersion version = context.Write(
            context.Engine.FromRows(table.Schema, CodebookTable.RowsOf(codebookId, modelId, levels, training.Dims)),
            write,
            out long count);
        finished.Clear();
        return new StepOutcome(count, [version, quality], [.. Facts(codebookId, rows, levels)]);
    }

    private static IEnumerable<(string Metric, int? Level, int? Iteration, double Value)> Measures(
        IReadOnlyList<TrainedLevel> levels)
    {
        for (int level = 0; level < levels.Count; level++)
        {
            foreach (IterationRecord iteration in levels[level].Iterations)
            {
                yield return ("train.objective", level, iteration.Iteration, iteration.Objective);
                yield return ("train.starved", level, iteration.Iteration, iteration.Starved);
            }
        }
    }

    private static IEnumerable<Fact> Facts(string codebookId, long rows, IReadOnlyList<TrainedLevel> levels)
    {
        yield return new Fact("codebook", codebookId);
        yield return new Fact("items", rows.ToString("N0", CultureInfo.InvariantCulture));
        yield return new Fact("codes", string.Join(" x ", levels.Select(l => l.Items.Length)));
        yield return new Fact(
            "objective",
            string.Join(" > ", levels.Select(l => l.Iterations[^1].Objective.ToString("G4", CultureInfo.InvariantCulture))));
    }
}
