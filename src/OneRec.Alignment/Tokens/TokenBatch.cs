using static TorchSharp.torch;

namespace OneRec.Alignment.Tokens;

/// <summary>The token vectors of some items, padded to the longest of them.</summary>
/// <param name="Items">Number of items.</param>
/// <param name="Blocks">Vectors and mask of each block.</param>
internal sealed record TokenBatch(int Items, IReadOnlyList<TokenBlockBatch> Blocks);

/// <summary>The token vectors of a block.</summary>
/// <param name="Vectors">[items, length, dimensions]; zeros beyond an item's tokens.</param>
/// <param name="Mask">[items, length], 1 where there is a token, else 0.</param>
internal readonly record struct TokenBlockBatch(Tensor Vectors, Tensor Mask);
