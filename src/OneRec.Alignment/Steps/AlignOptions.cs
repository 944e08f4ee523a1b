using System.Text.Json.Nodes;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Steps.Evaluate;

namespace OneRec.Alignment.Steps;

/// <summary>Section <c>align</c>: how the aligned model is trained.</summary>
public sealed record AlignOptions : IOptionSection
{
    /// <summary>The highest learning rate of a linear map.</summary>
    internal const double LinearRate = 1e-3;

    /// <summary>The network.</summary>
    /// <value>
    /// <c>qformer</c>: learned queries read all token vectors of an item; <c>linear</c>: a square matrix times the pooled
    /// embedding, much faster and often weaker. Default <c>qformer</c>.
    /// </value>
    public string Form { get; init; } = "qformer";

    /// <summary>Number of learned queries of a QFormer.</summary>
    /// <value>1 to 64. Default 4.</value>
    public int Queries { get; init; } = 4;

    /// <summary>Number of layers of a QFormer.</summary>
    /// <value>1 to 32. Default 4.</value>
    public int Layers { get; init; } = 4;

    /// <summary>Width of a QFormer: the dimensions of each query.</summary>
    /// <value>8 to 4,096, a multiple of <c>align.heads</c>. Default 128.</value>
    public int Width { get; init; } = 128;

    /// <summary>Attention heads of a QFormer.</summary>
    /// <value>1 to 64. Default 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>Width of the feed-forward networks (SwiGLU) of a QFormer.</summary>
    /// <value>8 to 16,384. Default 256.</value>
    public int Hidden { get; init; } = 256;

    /// <summary>Whether the queries of an item also attend to each other.</summary>
    /// <value>Default false.</value>
    public bool SelfAttention { get; init; }

    /// <summary>Whether each part of a layer adds to its input; otherwise the literal formula of the OneRec report.</summary>
    /// <value>Default true.</value>
    public bool Residual { get; init; } = true;

    /// <summary>How the queries become the embedding.</summary>
    /// <value><c>concat</c>: queries x width dimensions; <c>mean</c>: width dimensions. Default <c>concat</c>.</value>
    public string Output { get; init; } = "concat";

    /// <summary>Whether embeddings have length 1.</summary>
    /// <value>Default true.</value>
    public bool Normalize { get; init; } = true;

    /// <summary>Passes over the pairs. The best state is kept, which may be an earlier one (<c>align.validation</c>).</summary>
    /// <value>1 to 1,000. Default 3.</value>
    public int Epochs { get; init; } = 3;

    /// <summary>Pairs per step; the items of all of them are negatives of each other.</summary>
    /// <value>2 to 65,536. Default 512.</value>
    public int Batch { get; init; } = 512;

    /// <summary>Maximum number of training pairs, chosen by hash.</summary>
    /// <value>2 to 100,000,000. Default null: all.</value>
    public int? MaxPairs { get; init; }

    /// <summary>Highest learning rate (AdamW, warm-up over 5% of the steps, then half a cosine).</summary>
    /// <value>Above 0, at most 1. Default null: 0.002 for a QFormer, 0.001 for a linear map.</value>
    public double? LearningRate { get; init; }

    /// <summary>Weight decay of matrices.</summary>
    /// <value>0 to 1. Default 0.01.</value>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Limit of the gradient's norm in a step.</summary>
    /// <value>Above 0. Default 1.</value>
    public double Clip { get; init; } = 1;

    /// <summary>Share of values left out between the layers of a QFormer in training.</summary>
    /// <value>0 to 0.9. Default 0.1.</value>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Share of token vectors left out in training.</summary>
    /// <value>0 to 0.9. Default 0.</value>
    public double TokenDropout { get; init; }

    /// <summary>Temperature tau of the contrastive loss, or its start if it is learned.</summary>
    /// <value>0.001 to 10. Default 0.05.</value>
    public double Temperature { get; init; } = 0.05;

    /// <summary>Lowest temperature that training may reach; set it to learn the temperature.</summary>
    /// <value>0.001 to <c>align.temperature</c>. Default null: the temperature is constant.</value>
    public double? LearnTemperatureDownTo { get; init; }

    /// <summary>Factor of the correction for popular items (logQ).</summary>
    /// <value>0 to 10; without it hardly anything is gained. Default 1.</value>
    public double LogQ { get; init; } = 1;

    /// <summary>Whether both items of a pair have to find each other; otherwise the first has to find the second.</summary>
    /// <value>Default true.</value>
    public bool Symmetric { get; init; } = true;

    /// <summary>Whether items are encoded a second time for the gradient, so that batches of thousands of pairs fit into memory.</summary>
    /// <value>Default false. Results do not depend on it.</value>
    public bool GradientCaching { get; init; }

    /// <summary>Users left out of the training pairs, by whose pairs the best state is chosen.</summary>
    /// <value>
    /// <c>users:SHARE</c>, or <c>none</c>: the last state is kept, and the table <c>item_pairs</c> is used as it is. Default
    /// <c>users:0.05</c>.
    /// </value>
    public string Validation { get; init; } = "users:0.05";

    /// <summary>Training ends early after this many validations without a better one.</summary>
    /// <value>1 to 1,000. Default 4.</value>
    public int Patience { get; init; } = 4;

    /// <summary>Section <c>align.captions</c>.</summary>
    public CaptionOptions Captions { get; init; } = new();

    /// <summary>The validation users; null for none.</summary>
    internal Holdout? ParseValidation() => Holdout.TryParse(Validation, out Holdout? holdout) ? holdout : null;

    /// <summary>The highest learning rate.</summary>
    internal double Rate => LearningRate ?? (Form == "linear" ? LinearRate : 2e-3);

    /// <summary>Everything that changes the model, as plan parameters.</summary>
    internal JsonObject Parameters()
    {
        var parameters = new JsonObject
        {
            ["form"] = Form,
            ["normalize"] = Normalize,
            ["epochs"] = Epochs,
            ["batch"] = Batch,
            ["maxPairs"] = MaxPairs,
            ["learningRate"] = Rate,
            ["weightDecay"] = WeightDecay,
            ["clip"] = Clip,
            ["tokenDropout"] = TokenDropout,
            ["temperature"] = Temperature,
            ["learnTemperatureDownTo"] = LearnTemperatureDownTo,
            ["logQ"] = LogQ,
            ["symmetric"] = Symmetric,
            ["validation"] = Validation,
            ["patience"] = Patience,
        };
        if (Form == "qformer")
        {
            parameters["shape"] = new JsonArray(Queries, Layers, Width, Heads, Hidden);
            parameters["selfAttention"] = SelfAttention;
            parameters["residual"] = Residual;
            parameters["output"] = Output;
            parameters["dropout"] = Dropout;
            parameters["captions"] = Captions.Lambda > 0 ? Captions.Parameters() : null;
        }

        return parameters;
    }

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Require(Form is "qformer" or "linear", "align.form", "must be qformer or linear", Form);
        problems.Require(Queries is >= 1 and <= 64, "align.queries", "must be 1 to 64", Queries);
        problems.Require(Layers is >= 1 and <= 32, "align.layers", "must be 1 to 32", Layers);
        problems.Require(Heads is >= 1 and <= 64, "align.heads", "must be 1 to 64", Heads);
        problems.Require(
            Width is >= 8 and <= 4096 && (Heads < 1 || Width % Heads == 0), "align.width", "must be 8 to 4096 and a multiple of align.heads", Width);
        problems.Require(Hidden is >= 8 and <= 16_384, "align.hidden", "must be 8 to 16384", Hidden);
        problems.Require(Output is "concat" or "mean", "align.output", "must be concat or mean", Output);
        problems.Require(Epochs is >= 1 and <= 1000, "align.epochs", "must be 1 to 1000", Epochs);
        problems.Require(Batch is >= 2 and <= 65_536, "align.batch", "must be 2 to 65536", Batch);
        problems.Require(MaxPairs is null or (>= 2 and <= 100_000_000), "align.maxPairs", "must be 2 to 100000000", MaxPairs);
        problems.Require(LearningRate is null or (> 0 and <= 1), "align.learningRate", "must be above 0 and at most 1", LearningRate);
        problems.Require(WeightDecay is >= 0 and <= 1, "align.weightDecay", "must be 0 to 1", WeightDecay);
        problems.Require(Clip > 0 && double.IsFinite(Clip), "align.clip", "must be above 0", Clip);
        problems.Require(Dropout is >= 0 and <= 0.9, "align.dropout", "must be 0 to 0.9", Dropout);
        problems.Require(TokenDropout is >= 0 and <= 0.9, "align.tokenDropout", "must be 0 to 0.9", TokenDropout);
        problems.Require(Temperature is >= 0.001 and <= 10, "align.temperature", "must be 0.001 to 10", Temperature);
        problems.Require(
            LearnTemperatureDownTo is null || (LearnTemperatureDownTo >= 0.001 && LearnTemperatureDownTo <= Temperature),
            "align.learnTemperatureDownTo",
            "must be 0.001 to align.temperature",
            LearnTemperatureDownTo);
        problems.Require(LogQ is >= 0 and <= 10, "align.logQ", "must be 0 to 10", LogQ);
        problems.Require(
            Holdout.TryParse(Validation, out Holdout? holdout) && holdout is null or { By: HoldoutBy.Users },
            "align.validation",
            "must be none or users:SHARE, with SHARE above 0, below 1 and at most 6 decimals, such as users:0.05",
            Validation);
        problems.Require(Patience is >= 1 and <= 1000, "align.patience", "must be 1 to 1000", Patience);
        Captions.Validate(problems);
    }
}

/// <summary>Section <c>align.captions</c>: the decoder that has to predict an item's title, caption and tags from its queries.</summary>
public sealed record CaptionOptions
{
    /// <summary>Factor of the caption loss; only a QFormer has one.</summary>
    /// <value>0 to 100; 0: no captions. Default 0.3.</value>
    public double Lambda { get; init; } = 0.3;

    /// <summary>Captions per step, chosen from the batch; the more pairs an item has, the less often it is.</summary>
    /// <value>1 to 65,536. Default 64.</value>
    public int PerStep { get; init; } = 64;

    /// <summary>Share of values left out in the decoder in training.</summary>
    /// <value>0 to 0.9. Default 0.1.</value>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Maximum tokens of a caption.</summary>
    /// <value>1 to 1,024. Default 48.</value>
    public int Length { get; init; } = 48;

    /// <summary>What a caption's tokens are.</summary>
    /// <value>
    /// <c>text</c>: those of the first text block's encoder; <c>bytes</c>: bytes of UTF-8. Default null: <c>text</c> with a
    /// text block, else <c>bytes</c>.
    /// </value>
    public string? Tokenizer { get; init; }

    /// <summary>Layers of the decoder.</summary>
    /// <value>1 to 128. Default 2.</value>
    public int Layers { get; init; } = 2;

    /// <summary>Width of the decoder.</summary>
    /// <value>8 to 8,192, a multiple of twice <c>align.captions.heads</c>. Default 128.</value>
    public int Width { get; init; } = 128;

    /// <summary>Attention heads of queries.</summary>
    /// <value>1 to 128. Default 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>Attention heads of keys and values (grouped-query attention).</summary>
    /// <value>1 to <c>align.captions.heads</c>, of which it is a divisor. Default 2.</value>
    public int KeyHeads { get; init; } = 2;

    /// <summary>Width of the decoder's feed-forward networks (SwiGLU).</summary>
    /// <value>8 to 65,536. Default 256.</value>
    public int Hidden { get; init; } = 256;

    /// <summary>Whether the decoder's output uses the matrix of token vectors.</summary>
    /// <value>Default true.</value>
    public bool Tied { get; init; } = true;

    /// <summary>
    /// Folder of a LLaMA model to start from: <c>config.json</c> and <c>*.safetensors</c>. It decides layers, widths and heads,
    /// and its vocabulary must be that of the text block.
    /// </summary>
    /// <value>Default null: random weights.</value>
    [ConfigPath]
    public string? Weights { get; init; }

    /// <summary>Everything that changes the model, as plan parameters.</summary>
    internal JsonObject Parameters() => new()
    {
        ["lambda"] = Lambda,
        ["perStep"] = PerStep,
        ["dropout"] = Dropout,
        ["length"] = Length,
        ["tokenizer"] = Tokenizer,
        ["shape"] = Weights is null ? new JsonArray(Layers, Width, Heads, KeyHeads, Hidden) : null,
        ["tied"] = Weights is null ? Tied : null,
        ["weights"] = Weights is null ? null : FolderHash(Weights),
    };

    /// <summary>Adds one line per invalid key.</summary>
    internal void Validate(Problems problems)
    {
        problems.Require(Lambda is >= 0 and <= 100, "align.captions.lambda", "must be 0 to 100", Lambda);
        problems.Require(PerStep is >= 1 and <= 65_536, "align.captions.perStep", "must be 1 to 65536", PerStep);
        problems.Require(Dropout is >= 0 and <= 0.9, "align.captions.dropout", "must be 0 to 0.9", Dropout);
        problems.Require(Length is >= 1 and <= 1024, "align.captions.length", "must be 1 to 1024", Length);
        problems.Require(Tokenizer is null or "text" or "bytes", "align.captions.tokenizer", "must be text or bytes", Tokenizer);
        problems.Require(Layers is >= 1 and <= 128, "align.captions.layers", "must be 1 to 128", Layers);
        problems.Require(Heads is >= 1 and <= 128, "align.captions.heads", "must be 1 to 128", Heads);
        problems.Require(
            Width is >= 8 and <= 8192 && (Heads < 1 || Width % (2 * Heads) == 0),
            "align.captions.width",
            "must be 8 to 8192 and a multiple of twice align.captions.heads",
            Width);
        problems.Require(
            KeyHeads >= 1 && KeyHeads <= Heads && Heads % KeyHeads == 0,
            "align.captions.keyHeads",
            "must be a divisor of align.captions.heads",
            KeyHeads);
        problems.Require(Hidden is >= 8 and <= 65_536, "align.captions.hidden", "must be 8 to 65536", Hidden);
        problems.Require(
            Weights is null || Tokenizer is null or "text", "align.captions.weights", "must have align.captions.tokenizer text", Tokenizer);
    }

    // Names and sizes: the files may be of many gigabytes.
    private static string FolderHash(string folder) => !Directory.Exists(folder)
        ? "none"
        : StableHash.Sha256(string.Join(
            '\n',
            Directory.EnumerateFiles(folder)
                .Order(StringComparer.Ordinal)
                .Select(f => $"{Path.GetFileName(f)} {new FileInfo(f).Length} {File.GetLastWriteTimeUtc(f).Ticks}")));
}
