using System.Text.Json.Serialization;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Scoring.Embedding;
using OneRec.Scoring.Onnx;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>Section <c>embed</c>: how items become vectors.</summary>
public sealed record EmbedOptions : IOptionSection
{
    /// <summary>The largest allowed <see cref="CommitItems"/>.</summary>
    internal const int MostCommitItems = 10_000_000;

    private const long LeastCudaMemory = 64L << 20;

    /// <summary>
    /// Blocks of the embedding, concatenated in this order:
    /// <c>{"block":"text","encoder":FOLDER,"fields":["title"]}</c>, <c>{"block":"image","encoder":FOLDER}</c> or
    /// <c>{"block":"tokens"}</c>. If an item has no input for a block, that part of its embedding is zeros.
    /// </summary>
    /// <value>
    /// At most 31 blocks, of which at most one of tokens and one of images. Default none: <c>embed</c> requires it.
    /// </value>
    public IReadOnlyList<EmbedInput> Inputs { get; init; } = [];

    /// <summary>How the vectors of a block are pooled into one.</summary>
    /// <value><c>mean</c>. Default <c>mean</c>.</value>
    public string Pool { get; init; } = "mean";

    /// <summary>
    /// Whether each block's vector is normalized to length 1 before weighting, so that no block dominates.
    /// </summary>
    /// <value>Default true.</value>
    public bool Normalize { get; init; } = true;

    /// <summary>How the blocks are combined into the embedding.</summary>
    /// <value>
    /// <c>pool</c>: concatenates the pooled vectors; <c>aligned</c>: the newest model that <c>align</c> made of the blocks, or
    /// that of the published codebook until <c>run.retrain</c>; or a model id, the name of a folder in <c>models</c>. Default
    /// <c>pool</c>.
    /// </value>
    public string Model { get; init; } = EmbedModel.Pool;

    /// <summary>
    /// Device that models run on. With <c>cuda</c>, the step fails if CUDA is missing or if the device cannot run a
    /// model's arithmetic; it never falls back to the CPU silently.
    /// </summary>
    /// <value><c>cpu</c> or <c>cuda</c>. Default <c>cpu</c>.</value>
    public string Device { get; init; } = "cpu";

    /// <summary>
    /// Index of the CUDA device, as in <c>nvidia-smi</c>. A Spark task uses the GPU address from the scheduler instead.
    /// </summary>
    /// <value>0 to 1,023. Default 0.</value>
    public int CudaDevice { get; init; }

    /// <summary>Limit of CUDA device memory per model, such as <c>8 GiB</c>.</summary>
    /// <value>At least 64 MiB. Default null: no limit.</value>
    [JsonConverter(typeof(TextOrNumberConverter))]
    public string? CudaMemory { get; init; }

    /// <summary>Items embedded and reported at a time. Results do not depend on it.</summary>
    /// <value>1 to 65,536. Default 256.</value>
    public int Batch { get; init; } = 256;

    /// <summary>Number of threads that embed, each one item at a time. Results do not depend on it.</summary>
    /// <value>1 to 1,024. Default null: the value of <c>threads</c>.</value>
    public int? Threads { get; init; }

    /// <summary>Items per commit: the most work that a killed run can lose. Results do not depend on it.</summary>
    /// <value>
    /// 1 to 10,000,000. Default null: 8,192 per concurrent task (the local engine has one), or 131,072 if no model
    /// runs.
    /// </value>
    public int? CommitItems { get; init; }

    /// <summary>Whether any block uses a model.</summary>
    internal bool HasModel => Inputs.Any(i => i is ModelInput);

    /// <summary>
    /// Dimensions of an embedding; null if unknown. Token vectors of unknown length are assumed to have 512.
    /// </summary>
    /// <param name="models">Folder of the aligned models.</param>
    internal int? Dimensions(string models)
    {
        if (Model != EmbedModel.Pool)
        {
            return AlignedModel.In(models).FirstOrDefault(m => Model == EmbedModel.Newest || m.Id == Model)?.Open().Manifest.Dimensions;
        }

        int all = Inputs.Sum(input => input switch
        {
            TokensInput tokens => tokens.Dimensions ?? 512,
            _ => input.OpenModel()?.Manifest.Dimensions ?? 0,
        });
        return all == 0 ? null : all;
    }

    /// <summary>Limit of CUDA device memory per model in bytes; null: no limit.</summary>
    internal long? CudaBytes => MemorySize.TryParse(CudaMemory, out long bytes) ? bytes : null;

    /// <summary>The device that models run on.</summary>
    internal ExecutionDevice OpenDevice() =>
        Device == "cuda" ? ExecutionDevice.Cuda(CudaDevice, CudaBytes) : ExecutionDevice.Cpu;

    /// <summary>Whether a text has the form of a model id.</summary>
    internal static bool IsId(string? model) => model is { Length: 16 } && model.All(char.IsAsciiHexDigitLower);

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        for (int i = 0; i < Inputs.Count; i++)
        {
            Inputs[i].Validate($"embed.inputs[{i}]", problems);
        }

        int tokens = Inputs.OfType<TokensInput>().Count();
        int images = Inputs.OfType<ImageInput>().Count();
        problems.Require(tokens <= 1, "embed.inputs", "must hold at most one block of tokens", $"{tokens} blocks");
        problems.Require(images <= 1, "embed.inputs", "must hold at most one block of images", $"{images} blocks");
        problems.Require(
            Inputs.Count <= EmbedParameters.MostBlocks,
            "embed.inputs",
            $"must hold at most {EmbedParameters.MostBlocks} blocks",
            $"{Inputs.Count} blocks");
        problems.Require(Pool == "mean", "embed.pool", "must be mean", Pool);
        problems.Require(
            Model is EmbedModel.Pool or EmbedModel.Newest || IsId(Model), "embed.model", "must be pool, aligned or a model id of 16 hex digits", Model);
        problems.Require(Device is "cpu" or "cuda", "embed.device", "must be cpu or cuda", Device);
        problems.Require(CudaDevice is >= 0 and <= 1023, "embed.cudaDevice", "must be 0 to 1023", CudaDevice);
        problems.Require(
            CudaMemory is null || (MemorySize.TryParse(CudaMemory, out long bytes) && bytes >= LeastCudaMemory),
            "embed.cudaMemory",
            "must be at least 64 MiB, such as \"8 GiB\" or bytes",
            CudaMemory);
        problems.Require(Batch is >= 1 and <= 65_536, "embed.batch", "must be 1 to 65536", Batch);
        problems.Require(Threads is null or (>= 1 and <= 1024), "embed.threads", "must be 1 to 1024", Threads);
        problems.Require(
            CommitItems is null or (>= 1 and <= MostCommitItems), "embed.commitItems", "must be 1 to 10000000", CommitItems);
    }
}
