using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Inputs.Log;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;
using OneRec.Scoring.Models;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>The model that <c>embed.inputs</c> and <c>embed.model</c> describe.</summary>
/// <param name="Id">
/// The first 16 hex digits of the SHA-256 of blocks, weights, manifests, the hash of each model's files and, with a text
/// block, the version of our tokenizers; and of pooling, or of the aligned model's files. File paths do not affect it.
/// </param>
/// <param name="Aligned">The aligned model; null where the blocks are pooled.</param>
internal sealed record EmbedModel(string Id, ModelFolder? Aligned)
{
    /// <summary>Value of <c>embed.model</c>: the pooled blocks, concatenated.</summary>
    public const string Pool = "pool";

    /// <summary>Value of <c>embed.model</c>: the newest model that <c>align</c> made of the blocks.</summary>
    public const string Newest = "aligned";

    /// <summary>Key of a text block's identity: the version of our tokenizers.</summary>
    internal const string TokenizationKey = "tokenization";

    /// <summary>The model of the options. An aligned model stays that of the published codebook until <c>run.retrain</c>.</summary>
    /// <exception cref="OneRecException">
    /// There is no such model (exit 2 or 4), it was made of other blocks, or a model folder is invalid. Files are hashed once per process.
    /// </exception>
    public static EmbedModel Of(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        EmbedOptions options = context.Options.Section<EmbedOptions>();
        return options.Model switch
        {
            Pool => Pooled(options),
            Newest when PinnedModel(context) is { } pinned => pinned == PooledId(options)
                ? throw Pinned($"embed.model is aligned, but the published codebook uses the pooled blocks (model {pinned})", "set embed.model=pool")
                : Named(context, pinned),
            Newest => NewestOf(context),
            _ => Named(context, options.Model),
        };
    }

    /// <summary>Whether a whole run makes the model before it embeds: <c>align</c> then has a log and no model is kept.</summary>
    public static bool IsMadeByRun(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return WhyNotMade(context) is null;
    }

    /// <summary>Why a whole run makes no model; null if it does.</summary>
    public static string? WhyNotMade(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        string choice = context.Options.Section<EmbedOptions>().Model;
        return choice != Newest
            ? $"embed.model is {choice}; set embed.model=aligned to train a model"
            : InteractionLog.WhyMissing(context.Options.Input) ?? (PinnedModel(context) is { } pinned
                ? $"model {pinned} is that of the published codebook and is kept; set run.retrain=true to train a new one"
                : null);
    }

    /// <summary>The model of pooled blocks.</summary>
    public static EmbedModel Pooled(EmbedOptions options) => new(PooledId(options), null);

    /// <summary>The id of the model of pooled blocks.</summary>
    /// <exception cref="OneRecException">A model folder is invalid (exit 2 or 5).</exception>
    public static string PooledId(EmbedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return PooledId(options, Blocks(options));
    }

    /// <summary>The id that the same blocks had before tokenizers had versions; that of today without text blocks.</summary>
    /// <exception cref="OneRecException">As for <see cref="PooledId(EmbedOptions)"/>.</exception>
    public static string FirstId(EmbedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        JsonObject[] blocks = Blocks(options);
        Array.ForEach(blocks, block => block.Remove(TokenizationKey));
        return PooledId(options, blocks);
    }

    /// <summary>The id of an aligned model that reads the blocks: the name of its folder.</summary>
    public static string AlignedId(EmbedOptions options, ModelFolder folder)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        return Hash(new JsonObject { ["inputs"] = new JsonArray([.. Blocks(options)]), ["model"] = folder.Identity() });
    }

    /// <summary>Whether a model was made of the blocks and its files are as they were.</summary>
    public static bool IsOf(EmbedOptions options, AlignedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        try
        {
            return AlignedId(options, model.Open()) == model.Id;
        }
        catch (OneRecException)
        {
            return false;
        }
    }

    /// <summary>The error of a run that would change the model of the published codebook.</summary>
    /// <param name="what">What differs.</param>
    /// <param name="restore">How to keep the published model.</param>
    internal static OneRecException Pinned(string what, string restore) => OneRecException.Configuration(
        "run.pinned", $"{what}; {restore}, or set run.retrain=true to train a new codebook");

    private static string? PinnedModel(PlanContext context) =>
        context.Options.Run.Retrain ? null : CodebookChoice.Published(context.Engine)?.ModelId;

    private static EmbedModel NewestOf(PlanContext context)
    {
        EmbedOptions options = context.Options.Section<EmbedOptions>();
        IReadOnlyList<AlignedModel> models = AlignedModel.In(context.Options.Models);
        foreach (AlignedModel model in models)
        {
            ModelFolder folder = model.Open();
            if (AlignedId(options, folder) == model.Id)
            {
                return new EmbedModel(model.Id, folder);
            }
        }

        throw OneRecException.Table("embed.no-model", models.Count == 0
            ? $"{context.Options.Models}: there is no aligned model yet; run 'onerec align' first"
            : $"{context.Options.Models}: none of its {models.Count} aligned models was made of these embed.inputs; run 'onerec align' first, or restore embed.inputs");
    }

    private static EmbedModel Named(PlanContext context, string id)
    {
        string path = Path.Combine(context.Options.Models, id);
        if (!Directory.Exists(path))
        {
            throw OneRecException.Table(
                "embed.no-model", $"{path}: there is no such aligned model; restore the folder, set models to where it is, or run 'onerec align'");
        }

        ModelFolder folder = ModelFolder.Open(path);
        return AlignedId(context.Options.Section<EmbedOptions>(), folder) == id
            ? new EmbedModel(id, folder)
            : throw OneRecException.Configuration(
                "embed.aligned-blocks",
                $"{path}: the aligned model was made of other embed.inputs, or its files were changed; restore them, or run 'onerec align' again");
    }

    private static JsonObject[] Blocks(EmbedOptions options) => [.. options.Inputs.Select(i => i.Identity())];

    private static string PooledId(EmbedOptions options, JsonObject[] blocks) => Hash(new JsonObject
    {
        ["inputs"] = new JsonArray([.. blocks]),
        ["model"] = Pool,
        ["pool"] = options.Pool,
        ["normalize"] = options.Normalize,
    });

    private static string Hash(JsonObject content) => StableHash.Sha256(CanonicalJson.Write(content))[..16];
}
