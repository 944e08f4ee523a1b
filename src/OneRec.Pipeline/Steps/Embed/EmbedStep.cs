using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Options;
using OneRec.Inputs.Vectors;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>
/// Gives each item that is not deleted an embedding of what it holds now: appends to <c>item_embeddings</c> what is new
/// or changed, in commits of bounded size, so that a killed run goes on where it was.
/// </summary>
public sealed class EmbedStep : IInputStep
{
    private const string Table = "item_embeddings";
    private const int Algorithm = 1;

    /// <inheritdoc/>
    public string Name => "embed";

    /// <summary>
    /// The id of the model that the options describe: the first 16 hex characters of SHA-256 over blocks, pool, weights,
    /// manifests and the hash of each model's files; no path of this machine. Files are hashed once a process.
    /// </summary>
    /// <exception cref="OneRecException">A model folder does not hold (exit 2 or 5).</exception>
    public static string ModelId(EmbedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var identity = new JsonObject
        {
            ["inputs"] = new JsonArray([.. options.Inputs.Select(i => (JsonNode)i.Identity())]),
            ["model"] = options.Model,
            ["pool"] = options.Pool,
            ["normalize"] = options.Normalize,
        };
        return StableHash.Sha256(CanonicalJson.Write(identity))[..16];
    }

    /// <inheritdoc/>
    /// <exception cref="OneRecException">
    /// No blocks, a block of tokens or images without <c>input.tokens</c> or <c>input.images</c>, a model that does not hold, or another model than the
    /// published codebook's.
    /// </exception>
    public StepPlan Plan(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        EmbedOptions options = context.Options.Section<EmbedOptions>();
        if (options.Inputs.Count == 0)
        {
            throw OneRecException.Configuration(
                "embed.no-inputs",
                "embed.inputs is empty: name at least one block, such as "
                + "{\"block\":\"text\",\"encoder\":FOLDER,\"fields\":[\"title\"]}, {\"block\":\"image\",\"encoder\":FOLDER} or "
                + "{\"block\":\"tokens\"}");
        }

        string modelId = ModelId(options);
        RequireModelOfPublished(context, modelId);
        var plan = new StepPlan(Table, Algorithm)
        {
            Inputs = { ["items"] = context.VersionOf("items") },
            Parameters = new JsonObject { ["model_id"] = modelId },
        };
        InputPlan.AddBadRows(plan.Parameters, context.Options.Input);
        if (Tokens(context) is { } tokens)
        {
            plan.Inputs["tokens"] = tokens.Version;
        }

        if (Images(context) is { } images)
        {
            plan.Inputs["images"] = images.Version;
        }

        return plan;
    }

    /// <inheritdoc/>
    public void RequireInputs(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Plan(context);
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepContext context, StepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(plan);
        if (context.Engine.Tables.State("items") is not { } items)
        {
            throw OneRecException.Table("table.missing", "there is no table 'items' yet; run 'onerec ingest' first");
        }

        string modelId = (string)plan.Parameters["model_id"]!;
        IArrowType id = items.Schema.GetFieldByName("item_id").DataType;
        int slice = context.Options.Section<EmbedOptions>().CommitItems ?? (int)Math.Min(
            EmbedOptions.MostCommitItems,
            (context.Options.Section<EmbedOptions>().HasModel ? 8_192L : 131_072L) * context.Engine.Scale.Partitions);
        VectorFiles? tokens = Tokens(context)?.Source;
        ItemImages? images = Images(context);
        using IKeptRelation todo = Todo(context, id, modelId, slice, tokens, images);
        if (todo.Rows == 0)
        {
            TableState? now = context.Engine.Tables.State(Table);
            return new StepOutcome(
                0,
                now is null ? [] : [new TableVersion(Table, now.Version)],
                [new Fact("embedded", "0"), new Fact("model", modelId)]);
        }

        RefuseRepeated(context.Engine, todo, tokens);
        var slices = new EmbedSlices(context, this, plan, todo, tokens, images, id, modelId);
        return slices.Run(slice);
    }

    private static VectorInput? Tokens(StepContext context)
    {
        if (!context.Options.Section<EmbedOptions>().Inputs.Any(i => i is TokensInput))
        {
            return null;
        }

        string path = context.Options.Input.Tokens ?? throw OneRecException.Configuration(
            "embed.no-tokens", "embed.inputs has a block of tokens: name their files in input.tokens");
        return VectorInput.Open(path, context.Clock);
    }

    private static ItemImages? Images(StepContext context)
    {
        if (!context.Options.Section<EmbedOptions>().Inputs.Any(i => i is ImageInput))
        {
            return null;
        }

        return context.Options.Input.Images is null
            ? throw OneRecException.Configuration(
                "embed.no-images", "embed.inputs has a block of images: name their files in input.images")
            : ItemImages.Open(context.Options.Input);
    }

    private static void RequireModelOfPublished(StepContext context, string modelId)
    {
        if (!context.Options.Run.Retrain
            && CodebookChoice.Published(context.Engine) is { } published
            && published.ModelId != modelId)
        {
            throw OneRecException.Configuration(
                "run.pinned",
                $"embed.inputs give model {modelId}, but the published codebook {published.CodebookId} is of model "
                + $"{published.ModelId}; put the old inputs back, or set run.retrain=true to train anew");
        }
    }

    private static IKeptRelation Todo(
        StepContext context, IArrowType id, string modelId, int slice, VectorFiles? tokens, ItemImages? images)
    {
        IEngine engine = context.Engine;
        IRelation embedded = engine.Tables.State(Table) is null
            ? engine.FromRows(OneRecTables.ItemEmbeddings(id).Schema, [])
            : engine.ReadTable(Table);
        IEnumerable<string> columns = context.Options.Section<EmbedOptions>().Inputs
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
            ("items", engine.ReadTable("items")),
            ("embedded", embedded),
            ("places", tokens is null ? none : engine.VectorPlaces(tokens, id)),
            ("image_places", images?.Places(engine, id) ?? none));
        return engine.Keep(todo, new ScratchLayout("slice", ["item_id"]));
    }

    /// <summary>Holds what is to be embedded against items whose vectors come twice; an engine that knows no places finds none.</summary>
    private static void RefuseRepeated(IEngine engine, IRelation todo, VectorFiles? tokens)
    {
        if (tokens is not null
            && RowReader.Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(EmbedStep), "repeated_vectors.sql"), ("todo", todo)))) is [var first])
        {
            throw OneRecException.Input(
                "input.duplicate", $"{tokens.Files[VectorPlace.Of((long)first[1]!).File]}: item {first[0]} has vectors twice");
        }
    }
}
