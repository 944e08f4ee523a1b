using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OneRec.Scoring.Embedding;

/// <summary>The parameters of the kernel <c>embed</c>.</summary>
public sealed record EmbedParameters
{
    /// <summary>Maximum blocks: each has a bit in <c>blocks_missing</c>.</summary>
    public const int MostBlocks = 31;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        AllowOutOfOrderMetadataProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The blocks in the order of concatenation, at least 1; at most one of token vectors and one of images.</summary>
    public required IReadOnlyList<EmbedBlock> Blocks { get; init; }

    /// <summary>Full path of the folder of an aligned model, which reads the blocks' token vectors; null: they are pooled.</summary>
    public string? Aligned { get; init; }

    /// <summary>Whether each block's mean is scaled to length 1 before it is multiplied by the weight.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>Items per chunk, progress report and output batch, at least 1; rows do not depend on it.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>Maximum threads, at least 1; null for as many as the task may use.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether models run on a CUDA device instead of the CPU.</summary>
    public bool Cuda { get; init; }

    /// <summary>The CUDA device to use if the scheduler names none.</summary>
    public int CudaDevice { get; init; }

    /// <summary>Bytes of device memory that each model may use; null for no limit.</summary>
    public long? CudaMemory { get; init; }

    /// <summary>The parameters for a kernel call.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, Json)!.AsObject();

    /// <summary>Reads the parameters from a kernel call.</summary>
    /// <exception cref="ArgumentException">They are not what <see cref="ToJson"/> writes.</exception>
    public static EmbedParameters FromJson(JsonObject parameters)
    {
        EmbedParameters read;
        try
        {
            read = parameters.Deserialize<EmbedParameters>(Json) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new ArgumentException($"embed: {e.Message}", nameof(parameters), e);
        }

        bool holds = read.Blocks is { Count: > 0 }
            && read.Blocks.OfType<TokenBlock>().Count() <= 1
            && read.Blocks.OfType<TokenBlock>().All(b => b.Dimensions >= 1)
            && read.Blocks.Count <= MostBlocks
            && read.Blocks.OfType<ImageBlock>().Count() <= 1
            && read.Blocks.OfType<ImageBlock>().All(b => b.Most >= 1)
            && read.Blocks.OfType<TextBlock>().All(b => b.Fields is { Count: > 0 })
            && read.Batch >= 1
            && read.Threads is null or >= 1;
        return holds ? read : throw new ArgumentException("embed: the blocks or the batch size are invalid", nameof(parameters));
    }
}
