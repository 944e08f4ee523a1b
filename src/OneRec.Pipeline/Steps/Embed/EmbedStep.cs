using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Options;
using OneRec.Inputs.Vectors;
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
    /// <summary>Key of a text block's identity: the version of our tokenizers.</summary>
    internal const string TokenizationKey = "tokenization";

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
        Writes = [new(Table, OneRecTables.ItemEmbeddings), new("quarantine", _ => OneRecTables.Quarantine())],
        Options = OptionSection.Of<EmbedOptions>("embed"),
        OtherSections = ["input"],
        Examples =
        [
            ("onerec embed --conf conf/movielens.json", "Embed new and changed items."),
            ("onerec embed --conf my.json --set embed.device=cuda", "Run the models on a GPU."),
        ],
    };

    /// <summary>
    /// The model id for the options: the first 16 hex digits of the SHA-256 of blocks, pooling, weights, manifests, the
    /// hash of each model's files and, with a text block, the version of our tokenizers. File paths do not affect it. Files
    /// are hashed once per process.
    /// </summary>
    /// <exception cref="OneRecException">A model folder is invalid (exit 2 or 5).</exception>
    public static string ModelId(EmbedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ModelId(options, [.. options.Inputs.Select(i => i.Identity())]);
    }

    /// <summary>The model id that the same options had before tokenizers had versions; that of today without text blocks.</summary>
    /// <exception cref="OneRecException">As for <see cref="ModelId(EmbedOptions)"/>.</exception>
    public static string FirstModelId(EmbedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        JsonObject[] blocks = [.. options.Inputs.Select(i => i.Identity())];
        Array.ForEach(blocks, block => block.Remove(TokenizationKey));
        return ModelId(options, blocks);
    }

    private static string ModelId(EmbedOptions options, JsonObject[] blocks) => StableHash.Sha256(CanonicalJson.Write(new JsonObject
    {
        ["inputs"] = new JsonArray([.. blocks]),
        ["model"] = options.Model,
        ["pool"] = options.Pool,
        ["normalize"] = options.Normalize,
    }))[..16];

    /// <inheritdoc/>
    /// <exception cref="OneRecException">
    /// There are no blocks, a block of tokens or images lacks <c>input.tokens</c> or <c>input.images</c>, a model
    /// folder is invalid, or the model differs from that of the published codebook.
    /// </exception>
    public StepPlan Plan(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        EmbedOptions options = context.Options.Section<EmbedOptions>();
        if (options.Inputs.Count == 0)
        {
            throw OneRecException.Configuration(
                "embed.no-inputs",
                "embed.inputs is empty; add at least one block, such as "
                + "{\"block\":\"text\",\"encoder\":FOLDER,\"fields\":[\"title\"]}, {\"block\":\"image\",\"encoder\":FOLDER} or "
                + "{\"block\":\"tokens\"}");
        }

        string modelId = ModelId(options);
        RequireModelOfPublished(context, options, modelId);
        var plan = new StepPlan(Algorithm)
        {
            Inputs = { context.Pin("items") },
            Parameters = new JsonObject { ["model_id"] = modelId },
        };
        InputPlan.AddBadRows(plan.Parameters, context.Options.Input);
        if (Tokens(context.Engine.Inputs, context.Options, context.Clock) is { } tokens)
        {
            plan.Inputs.Add("tokens", tokens.Version);
        }

        if (Images(context.Engine.Inputs, context.Options) is { } images)
        {
            plan.Inputs.Add("images", images.Version);
            if (context.Options.Input.ImagesRoot is not null && images.ByPath)
            {
                // Items in quarantine whose images lay outside are tried again.
                plan.Parameters["images_root"] = images.Within;
            }
        }

        return plan;
    }

    /// <inheritdoc/>
    public void RequireInputs(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Plan(context);
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        PinnedTable items = run.Input("items").Require("ingest");
        string modelId = (string)run.Plan.Parameters["model_id"]!;
        EmbedOptions options = run.Options.Section<EmbedOptions>();
        int slice = options.CommitItems ?? (int)Math.Min(
            EmbedOptions.MostCommitItems, (options.HasModel ? 8_192L : 131_072L) * run.Engine.Scale.Partitions);
        VectorInput? vectors = Tokens(run.Engine.Inputs, run.Options, run.Clock);
        if (vectors?.Files?.PassedOverNotice is { } notice)
        {
            run.Report(notice);
        }

        VectorFiles? tokens = vectors?.Source;
        ItemImages? images = Images(run.Engine.Inputs, run.Options);
        using IMaterializedRelation todo = FindTodo(run, items, modelId, slice, tokens, images);
        if (todo.Rows == 0)
        {
            TableState? now = run.Output(Table).State;
            return new StepOutcome(
                0,
                now is null ? [] : [new TableVersion(Table, now.Version)],
                [Fact.Of("embedded", 0), new Fact("model", modelId)]);
        }

        vectors?.RequireNoBombs();
        RejectDuplicates(run.Engine, todo, tokens);
        Fact[] why = [.. WhyAnew(run, options, modelId)];
        var slices = new EmbedSlices(run, todo, vectors, images, items.IdType, modelId);
        StepOutcome outcome = slices.Run(slice);
        return outcome with { Facts = [.. outcome.Facts, .. why] };
    }

    /// <inheritdoc/>
    public StepEstimate? Estimate(InputCounts counts, OneRecOptions options)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(options);
        EmbedOptions embed = options.Section<EmbedOptions>();
        if (counts.Items == 0 || embed.Dimensions() is not { } dimensions)
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

    private static VectorInput? Tokens(IInputStore store, OneRecOptions options, TimeProvider clock)
    {
        if (!options.Section<EmbedOptions>().Inputs.Any(i => i is TokensInput))
        {
            return null;
        }

        return options.Input.Tokens is null
            ? throw OneRecException.Configuration(
                "embed.no-tokens", "embed.inputs has a block of tokens; set input.tokens to the files with their vectors")
            : VectorInput.Open(store, options.Input, clock);
    }

    private static ItemImages? Images(IInputStore store, OneRecOptions options)
    {
        if (!options.Section<EmbedOptions>().Inputs.Any(i => i is ImageInput))
        {
            return null;
        }

        return options.Input.Images is null
            ? throw OneRecException.Configuration(
                "embed.no-images", "embed.inputs has a block of images; set input.images to the files that list them")
            : ItemImages.Open(store, options.Input);
    }

    private static void RequireModelOfPublished(PlanContext context, EmbedOptions options, string modelId)
    {
        if (context.Options.Run.Retrain
            || CodebookChoice.Published(context.Engine) is not { } published
            || published.ModelId == modelId)
        {
            return;
        }

        throw OneRecException.Configuration("run.pinned", published.ModelId == FirstModelId(options)
            ? $"the published codebook {published.CodebookId} uses model {published.ModelId}, of texts whose symbols were lost; "
                + $"this version of onerec tokenizes texts as the encoder expects, which is model {modelId}: set run.retrain=true "
                + "to embed all items anew and train a new codebook"
            : $"embed.inputs define model {modelId}, but the published codebook {published.CodebookId} uses model "
                + $"{published.ModelId}; restore the old inputs, or set run.retrain=true to train a new codebook");
    }

    /// <summary>The reason, if all items are embedded anew because this version tokenizes texts otherwise.</summary>
    private static IEnumerable<Fact> WhyAnew(StepRun run, EmbedOptions options, string modelId)
    {
        string first = FirstModelId(options);
        if (first != modelId && HasEmbeddings(run, first) && !HasEmbeddings(run, modelId))
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

    private static IMaterializedRelation FindTodo(
        StepRun run, PinnedTable items, string modelId, int slice, VectorFiles? tokens, ItemImages? images)
    {
        IQueryEngine engine = run.Engine;
        IArrowType id = items.IdType;
        IRelation embedded = run.Output(Table).RowsOr(OneRecTables.ItemEmbeddings(id));
        RequireOnePerItem(engine, items.Rows, embedded, modelId);
        IEnumerable<string> columns = run.Options.Section<EmbedOptions>().Inputs
            .OfType<TextInput>()
            .SelectMany(t => t.TextFields)
            .Select(f => ", " + f.Name)
            .Distinct(StringComparer.Ordinal);
        SqlScript script = SqlScript.Load(typeof(EmbedStep), "new_items.sql")
            .With("columns", new SqlArgument.Expression(string.Concat(columns)))
            .With("slice", slice)
            .With("model_id", modelId);
        IRelation none = engine.FromRows(VectorFiles.Places(id), []);
        IRelation todo = engine.Sql(
            script,
            ("items", items.Rows),
            ("embedded", embedded),
            ("places", tokens is null ? none : engine.VectorPlaces(tokens, id)),
            ("image_places", images?.Places(engine, id) ?? none));
        return engine.Materialize(todo, new ScratchLayout("slice", ["item_id"]));
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

    /// <summary>
    /// Rejects items with more than one row of vectors; finds none if the engine does not report positions.
    /// </summary>
    private static void RejectDuplicates(IQueryEngine engine, IRelation todo, VectorFiles? tokens)
    {
        if (tokens is not null
            && RowReader.Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(EmbedStep), "repeated_vectors.sql"), ("todo", todo)))) is [var first])
        {
            throw OneRecException.Input(
                "input.duplicate", $"{tokens.Files[VectorPlace.Of((long)first[1]!).File]}: item {first[0]} has vectors in more than one row; keep one row per item");
        }
    }
}
