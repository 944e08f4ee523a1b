using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Kernels.Clustering.Training;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Steps.Train.Relabel;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Train;

/// <summary>Trains a codebook on the embedded items with mini-batch RQ-KMeans (docs/method/rq-kmeans.md).</summary>
public sealed class TrainStep : IStep
{
    private const int Algorithm = 1;

    /// <inheritdoc/>
    public StepDescription Description { get; } = new("train", "codebooks by residual k-means (RQ-KMeans)")
    {
        About =
        [
            "Level 0 clusters the embeddings; each further level clusters the residuals of the previous level. The centroids "
            + "form the codebook. Training is mini-batch, out of core and deterministic: the same vectors and seed give the "
            + "same bits with any number of threads.",
            "Readers see a new codebook only after 'onerec publish'.",
        ],
        Reads = ["items", "item_embeddings", "semantic_ids", "published"],
        Writes = [new(CodebookChoice.Table, _ => OneRecTables.Codebooks()), new("quality", _ => OneRecTables.Quality())],
        Options = OptionSection.Of<TrainOptions>("train"),
        Examples =
        [
            ("onerec train --conf my.json --set train.levels=3 --set train.codes=8192", "The size used in the OneRec report."),
            ("onerec train --conf my.json --set train.codes=[1024,512,256]", "A different size per level."),
            ("onerec run --conf my.json --set run.retrain=true --set train.relabelFrom=current", "Retrain, and keep as many IDs as possible."),
        ],
    };

    /// <inheritdoc/>
    public string? WhyLeftOut(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return !context.Options.Run.Retrain && CodebookChoice.Published(context.Engine) is { } published
            ? $"codebook {published.CodebookId} is published and is kept; set run.retrain=true to train a new one"
            : null;
    }

    /// <inheritdoc/>
    /// <exception cref="OneRecException">There are no embeddings yet (exit 4).</exception>
    public StepPlan Plan(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        TrainOptions options = context.Options.Section<TrainOptions>();
        IEnumerable<int> levels = Enumerable.Range(0, options.Levels);
        Codebook? old = RelabelFrom(context);
        var plan = new StepPlan(Algorithm)
        {
            Codebook = old,
            Inputs =
            {
                context.Pin("items"),
                context.Pin("item_embeddings"),
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

        if (old is not null)
        {
            plan.Parameters["relabelFrom"] = old.CodebookId;
        }

        // Embeddings are held against published IDs, which do not change what is trained.
        plan.Inputs.Pin(context.Pin("semantic_ids"));
        plan.Inputs.Pin(context.Pin("published"));
        return plan;
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        string modelId = run.Plan.Parameters["model_id"]!.GetValue<string>();
        EmbeddedItems items = EmbeddedItems.Read(run, modelId);
        IdEmbeddings.RequirePublished(run, modelId);
        long rows = (long)RowReader.Read(run.Engine.Collect(run.Engine.Sql(
            SqlScript.Load(typeof(TrainStep), "count_rows.sql"), ("embedded", items.Relation))))[0][0]!;
        if (rows == 0)
        {
            throw items.Empty("train.empty");
        }

        var finished = new FinishedLevels(run, run.Fingerprint);
        var training = new CodebookTraining(run, items.IdType, rows, finished);
        IReadOnlyList<TrainedLevel> levels = training.Run(items);
        Relabeled? relabeled = run.Plan.Codebook is { } old ? new Relabeling(run, items, old).Apply(levels, training.Dims) : null;
        levels = relabeled?.Levels ?? levels;
        string codebookId = CodebookTable.IdOf(modelId, [.. levels.Select(l => l.Centroids)], training.Dims);
        CommitNote note = run.Note() with { Result = codebookId };
        UnfinishedTraining.Remove(run, note with { Complete = false }, codebookId);
        TableVersion quality = QualityRows.Write(
            run, note with { Complete = false }, "codebook_id", codebookId, "train.", [.. Measures(levels)], codebookId);
        TableDefinition table = OneRecTables.Codebooks();
        var write = new TableWrite(
            table,
            new WriteMode.Replace(new Dictionary<string, string> { ["codebook_id"] = codebookId }),
            note);
        TableVersion version = run.Write(
            run.Engine.FromRows(table.Schema, CodebookTable.RowsOf(codebookId, modelId, levels, training.Dims)),
            write,
            out long count);
        finished.Clear();
        return new StepOutcome(count, [version, quality], [.. Facts(codebookId, rows, levels), .. Facts(relabeled)]);
    }

    /// <inheritdoc/>
    public StepEstimate? Estimate(InputCounts counts, OneRecOptions options)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(options);
        TrainOptions train = options.Section<TrainOptions>();
        if (counts.Items > 0 && train.CodesOf(0) > counts.Items)
        {
            return new StepEstimate(0)
            {
                Refusal = TrainingChecks.TooManyCodes(train.CodesOf(0), $"the catalogue has only {counts.Items} items", counts.Items),
            };
        }

        // Each row is assigned to a centroid about twice: during training and at the end of a level.
        return counts.Items > 0 && options.Section<EmbedOptions>().Dimensions(options.Models) is { } dimensions
            ? new StepEstimate(2 * train.AssignmentSeconds(counts.Items, dimensions, options.ThreadCount()))
            : null;
    }

    private static Codebook? RelabelFrom(PlanContext context) =>
        context.Options.Section<TrainOptions>().RelabelFrom is { } choice ? CodebookChoice.Resolve(context.Engine, choice) : null;

    private static IEnumerable<Fact> Facts(Relabeled? relabeled)
    {
        if (relabeled is { } r)
        {
            (double with, double without) = (r.Moved / (double)r.Items, r.MovedBefore / (double)r.Items);
            yield return new Fact("items whose codes change", string.Create(CultureInfo.InvariantCulture, $"{100 * with:0.#}% ({100 * without:0.#}% without relabelling)"))
            {
                Json = new JsonObject { ["share"] = with, ["without_relabelling"] = without, ["items"] = r.Items },
            };
        }
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
        yield return Fact.Of("items", rows);
        yield return Fact.Of("codes", levels.Select(l => (double)l.Items.Length), string.Join(" x ", levels.Select(l => l.Items.Length)));
        yield return Fact.Of(
            "objective",
            levels.Select(l => l.Iterations[^1].Objective),
            string.Join(" > ", levels.Select(l => l.Iterations[^1].Objective.ToString("G4", CultureInfo.InvariantCulture))));
    }
}
