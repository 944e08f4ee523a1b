using OneRec.Core;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>Section <c>embed</c>: how items become vectors.</summary>
public sealed record EmbedOptions
{
    /// <summary>
    /// Blocks that the embedding is made of, side by side in this order: <c>{"block":"text","encoder":FOLDER,
    /// "fields":["title"]}</c> or <c>{"block":"tokens"}</c>. A block that an item has nothing for is zeros.
    /// </summary>
    /// <value>At most one block of tokens. Default none: the step then asks for it.</value>
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
    /// <value><c>cpu</c>, the default.</value>
    public string Device { get; init; } = "cpu";

    /// <summary>Items embedded and told at once; rows never depend on it.</summary>
    /// <value>1 to 65,536. Default 256.</value>
    public int Batch { get; init; } = 256;

    /// <summary>Threads that embed, each an item at a time; rows never depend on it.</summary>
    /// <value>1 to 1,024. Default null: <c>threads</c>.</value>
    public int? Threads { get; init; }

    /// <summary>Items a commit: what a kill can lose. Rows never depend on it.</summary>
    /// <value>1 to 10,000,000. Default null: 8,192, and 131,072 where no model runs.</value>
    public int? CommitItems { get; init; }

    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        for (int i = 0; i < Inputs.Count; i++)
        {
            Inputs[i].Validate($"embed.inputs[{i}]", problems);
        }

        int tokens = Inputs.OfType<TokensInput>().Count();
        problems.Require(tokens <= 1, "embed.inputs", "must hold at most one block of tokens", $"{tokens} of them");
        problems.Require(Pool == "mean", "embed.pool", "must be mean", Pool);
        problems.Require(Model == "pool", "embed.model", "must be pool", Model);
        problems.Require(
            Device == "cpu", "embed.device", "must be cpu, the ONNX Runtime of this build has no other provider", Device);
        problems.Require(Batch is >= 1 and <= 65_536, "embed.batch", "must be 1 to 65536", Batch);
        problems.Require(Threads is null or (>= 1 and <= 1024), "embed.threads", "must be 1 to 1024", Threads);
        problems.Require(
            CommitItems is null or (>= 1 and <= 10_000_000), "embed.commitItems", "must be 1 to 10000000", CommitItems);
    }
}
