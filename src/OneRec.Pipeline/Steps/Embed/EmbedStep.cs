using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>
/// Embeds the current content of each item that is not deleted: appends the embeddings of new and changed items to
/// <c>item_embeddings</c>, in commits of bounded size, so that a killed run continues where it stopped.
/// </summary>
public sealed class EmbedStep : IStep
{
    private const string Table = "item_embeddings";

    // 2: texts are tokenized as the models expect (TextTokenizer.Version).
    private const int Algorithm = 2;

    // Items per second and core, measured on the sample and rounded down.
    private const double TextsPerSecond = 60;
    private const double ImagesPerSecond = 15;
    private const double TokensPerSecond = 20_000;

    /// <inheritdoc/>
    public StepDescription Description { get; } = new("embed", "one vector per item, from texts, images or token vectors")
    {
        About =
        [
            "Each item's blocks (text encoded by an ONNX text encoder, cover and frames by an image encoder, your own token "
            + "vectors) are pooled, normalized and concatenated into one vector. Only new items and items whose content "
            + "changed are embedded, so the step can run every night.",
            "The model id is a hash of the blocks and the model files: vectors of different models are never mixed. An item "
            + "that cannot be embedded ends the step or goes to quarantine (input.badRows).",
        ],
        Inputs = ["input.tokens", "input.images", "the model folders in embed.inputs"],
        Reads = ["items"],
        ReadsResultsOf = ["align"],
        Writes = [new(Table, OneRecTables.ItemEmbeddings), new("quarantine", _ => OneRecTables.Quarantine())],
        Options = OptionSection.Of<EmbedOptions>("embed"),
        OtherSections = ["input"],
        Examples =
        [
            ("onerec embed --conf conf/movielens.json", "Embed new and changed items."),
            ("onerec embed --conf my.json --set embed.device=cuda", "Run the models on a GPU."),
        ],
    };

    /// <inheritdoc/>
    /// <exception cref="OneRecException">
    /// There are no blocks, a block of tokens or images lacks <c>input.tokens</c> or <c>input.images</c>, a model
    /// folder is invalid, or the model differs from that of the published codebook.
    /// </exception>
    public StepPlan Plan(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var blocks = ItemBlocks.Open(context.Engine.Inputs, context.Options, context.Clock);
        var model = EmbedModel.Of(context);
        RequireModelOfPublished(context, model.Id);
        var plan = new StepPlan(Algorithm)
        {
            Inputs = { context.Pin("items") },
            Parameters = new JsonObject { ["model_id"] = model.Id },
        };
        blocks.AddTo(plan);
        return plan;
    }

    /// <inheritdoc/>
    public void RequireInputs(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (EmbedModel.IsMadeByRun(context))
        {
            // The model is there once align has run.
            _ = ItemBlocks.Open(context.Engine.Inputs, context.Options, context.Clock);
            _ = EmbedModel.Pooled(context.Options.Section<EmbedOptions>());
            return;
        }

        Plan(context);
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        PinnedTable items = run.Input("items").Require("ingest");
        string modelId = (string)run.Plan.Parameters["model_id"]!;
        EmbedOptions options = run.Options.Section<EmbedOptions>();
        var blocks = ItemBlocks.Open(run.Engine.Inputs, run.Options, run.Clock);
        int slice = blocks.SliceItems(run.Engine.Scale);
        if (blocks.Vectors?.Files?.PassedOverNotice is { } notice)
        {
            run.Report(notice);
        }

        PinnedTable there = run.Output(Table);
        IRelation embedded = there.RowsOr(OneRecTables.ItemEmbeddings(items.IdType));
        RequireOnePerItem(run.Engine, items.Rows, embedded, modelId);
        using IMaterializedRelation todo = blocks.Slices(run.Engine, items.Rows, embedded, modelId, items.IdType, slice);
        if (todo.Rows == 0)
        {
            return new StepOutcome(
                0,
                there.State is null ? [] : [new TableVersion(Table, there.State.Version)],
                [Fact.Of("embedded", 0), new Fact("model", modelId)]);
        }

        blocks.Vectors?.RequireNoBombs();
        blocks.RejectDuplicates(run.Engine, todo);
        Fact[] why = [.. WhyAnew(run, options, modelId)];
        var slices = new EmbedSlices(
            run,
            todo,
            blocks,
            items.IdType,
            modelId,
            new EmbeddingAppend(run, there.State?.Version, items.IdType, modelId),
            new EmbedProblems(run.Engine, run.Options.Input.BadRows));
        StepOutcome outcome = slices.Run(slice);
        return outcome with { Facts = [.. outcome.Facts, .. why] };
    }

    /// <inheritdoc/>
    public StepEstimate? Estimate(InputCounts counts, OneRecOptions options)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(options);
        EmbedOptions embed = options.Section<EmbedOptions>();
        if (counts.Items == 0 || embed.Dimensions(options.Models) is not { } dimensions)
        {
            return null;
        }

        double seconds = embed.Inputs.Sum(input => counts.Items / (options.ThreadCount() * input switch
        {
            TextInput => TextsPerSecond,
            ImageInput => ImagesPerSecond,
            _ => TokensPerSecond,
        }));
        return new StepEstimate(seconds) { TableBytes = counts.Items * sizeof(float) * dimensions };
    }

    /// <summary>Refuses a model that is not that of the published codebook.</summary>
    /// <exception cref="OneRecException">Configuration error <c>run.pinned</c>.</exception>
    internal static void RequireModelOfPublished(PlanContext context, string modelId)
    {
        if (context.Options.Run.Retrain
            || CodebookChoice.Published(context.Engine) is not { } published
            || published.ModelId == modelId)
        {
            return;
        }

        throw published.ModelId == EmbedModel.FirstId(context.Options.Section<EmbedOptions>())
            ? OneRecException.Configuration(
                "run.pinned",
                $"the published codebook {published.CodebookId} uses model {published.ModelId}, of texts whose symbols were lost; "
                + $"this version of onerec tokenizes texts as the encoder expects, which is model {modelId}: set run.retrain=true "
                + "to embed all items anew and train a new codebook")
            : EmbedModel.Pinned(
                $"embed.inputs and embed.model define model {modelId}, but the published codebook {published.CodebookId} uses model {published.ModelId}",
                "restore the old ones");
    }

    /// <summary>The reason, if all items are embedded anew because this version tokenizes texts otherwise.</summary>
    private static IEnumerable<Fact> WhyAnew(StepRun run, EmbedOptions options, string modelId)
    {
        string first = EmbedModel.FirstId(options);
        if (options.Model == EmbedModel.Pool && first != modelId && HasEmbeddings(run, first) && !HasEmbeddings(run, modelId))
        {
            run.Report(
                "embeddings of all items are made anew: texts are now tokenized as the encoder expects, while symbols, emoji and "
                + $"some line breaks were lost in model {first}");
            yield return new Fact("embedded anew", "tokenization of texts changed");
        }
    }

    private static bool HasEmbeddings(StepRun run, string modelId)
    {
        PinnedTable table = run.Output(Table);
        SqlScript script = SqlScript.Load(typeof(EmbedStep), "one_embedding.sql").With("model_id", modelId);
        return table.State is not null && RowReader.Read(run.Engine.Collect(run.Engine.Sql(script, ("embedded", table.Rows)))).Count > 0;
    }

    /// <summary>Rejects a table in which an item's content has two embeddings: training would count it twice.</summary>
    private static void RequireOnePerItem(IQueryEngine engine, IRelation items, IRelation embedded, string modelId)
    {
        SqlScript script = SqlScript.Load(typeof(EmbedStep), "repeated_embeddings.sql").With("model_id", modelId);
        if (RowReader.Read(engine.Collect(engine.Sql(script, ("items", items), ("embedded", embedded)))) is [var first])
        {
            throw OneRecException.Table(
                "embed.two-embeddings",
                $"{Table}: item {first[0]} has {first[1]} embeddings of its content from model {modelId}; another program wrote "
                + "them: restore an older version of the table, or delete all its rows, and run 'onerec embed' again");
        }
    }
}
