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
    /// <summary>The greatest <see cref="CommitItems"/>.</summary>
    internal const int MostCommitItems = 10_000_000;

    private const long LeastCudaMemory = 64L << 20;

    /// <summary>
    /// Blocks that the embedding is made of, side by side in this order: <c>{"block":"text","encoder":FOLDER,
    /// "fields":["title"]}</c>, <c>{"block":"image","encoder":FOLDER}</c> or <c>{"block":"tokens"}</c>. A block that an item has nothing for is zeros.
    /// </summary>
    /// <value>At most 31 blocks, one of tokens and one of images. Default none: the step then asks for it.</value>
    public IReadOnlyList<EmbedInput> Inputs { get; init; } = [];

    /// <summary>How the vectors of a block become one.</summary>
    /// <value><c>mean</c>, the default.</value>
    public string Pool { get; init; } = "mean";

    /// <summary>Whether each block's vector is brought to length 1 before its weight, so that no block drowns another.</summary>
    /// <value>Default true.</value>
    public bool Normalize { get; init; } = true;

    /// <summary>What makes the embedding of the blocks.</summary>
    /// <value><c>pool</c>, the default: their pooled vectors side by side.</value>
    public string Model { get; init; } = "pool";

    /// <summary>Where models run.</summary>
    /// <value>
    /// <c>cpu</c>, the default, or <c>cuda</c>: the step then fails where CUDA is missing or a model's arithmetic does not run on
    /// the device; it never goes on on the CPU in silence.
    /// </value>
    public string Device { get; init; } = "cpu";

    /// <summary>The CUDA device, as <c>nvidia-smi</c> counts them; in a Spark task the address that the scheduler gave is taken.</summary>
    /// <value>0 to 1,023. Default 0.</value>
    public int CudaDevice { get; init; }

    /// <summary>Memory of a CUDA device that each model may take, such as <c>8 GiB</c>.</summary>
    /// <value>At least 64 MiB. Default null: what it needs.</value>
    [JsonConverter(typeof(TextOrNumberConverter))]
    public string? CudaMemory { get; init; }

    /// <summary>Items embedded and told at once; rows never depend on it.</summary>
    /// <value>1 to 65,536. Default 256.</value>
    public int Batch { get; init; } = 256;

    /// <summary>Threads that embed, each an item at a time; rows never depend on it.</summary>
    /// <value>1 to 1,024. Default null: <c>threads</c>.</value>
    public int? Threads { get; init; }

    /// <summary>Items a commit: what a kill can lose. Rows never depend on it.</summary>
    /// <value>1 to 10,000,000. Default null: 8,192 for each task that runs at once (one on the local engine), and 131,072 where no model runs.</value>
    public int? CommitItems { get; init; }

    /// <summary>Whether a model runs.</summary>
    internal bool HasModel => Inputs.Any(i => i is ModelInput);

    /// <summary>Memory of a CUDA device that each model may take, in bytes; null: no limit.</summary>
    internal long? CudaBytes => MemorySize.TryParse(CudaMemory, out long bytes) ? bytes : null;

    /// <summary>Where models run on this machine.</summary>
    internal ExecutionDevice OpenDevice() =>
        Device == "cuda" ? ExecutionDevice.Cuda(CudaDevice, CudaBytes) : ExecutionDevice.Cpu;

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
        problems.Require(tokens <= 1, "embed.inputs", "must hold at most one block of tokens", $"{tokens} of them");
        problems.Require(images <= 1, "embed.inputs", "must hold at most one block of images", $"{images} of them");
        problems.Require(
            Inputs.Count <= EmbedParameters.MostBlocks,
            "embed.inputs",
            $"must hold at most {EmbedParameters.MostBlocks} blocks",
            $"{Inputs.Count} of them");
        problems.Require(Pool == "mean", "embed.pool", "must be mean", Pool);
        problems.Require(Model == "pool", "embed.model", "must be pool", Model);
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
