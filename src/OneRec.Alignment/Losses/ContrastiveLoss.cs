using OneRec.Alignment.Native;
using static TorchSharp.torch;

namespace OneRec.Alignment.Losses;

/// <summary>
/// Contrastive loss in a batch of pairs (OneRec Technical Report, section 2.1; van den Oord et al., arXiv 1807.03748): an
/// item's partner is to be found among all items of the batch.
/// </summary>
/// <remarks>
/// For a pair (a, b) the loss is -log softmax over the batch's items j of s(a, j) - logQ(j), at j = b; s is the dot product
/// over the temperature. logQ(j) is the logarithm of how often j would be drawn by chance, which removes the advantage of
/// popular items (sampled softmax; Yi et al., RecSys 2019). The item itself and its other known partners are not counted
/// against it. The symmetric form is the mean of both directions.
/// </remarks>
/// <param name="symmetric">Whether b also has to find a.</param>
/// <param name="logQ">Factor of the correction; 0 for none.</param>
internal sealed class ContrastiveLoss(bool symmetric, double logQ)
{
    /// <summary>The loss.</summary>
    /// <param name="embeddings">Each different item of the batch once, [items, d].</param>
    /// <param name="batch">The pairs.</param>
    /// <param name="temperature">tau, a scalar.</param>
    /// <returns>A scalar.</returns>
    public Tensor Of(Tensor embeddings, PairBatch batch, Tensor temperature)
    {
        Tensor first = tensor(batch.First);
        Tensor second = tensor(batch.Second);
        Tensor correction = tensor([.. batch.LogFrequencies.Select(f => (float)(f * logQ))]);
        Tensor forward = Direction(embeddings, first, second, batch.ForwardMask, correction, temperature, batch.Pairs);
        return symmetric
            ? forward.Plus(Direction(embeddings, second, first, batch.BackwardMask, correction, temperature, batch.Pairs)).div(Scalars.Of(2))
            : forward;
    }

    private static Tensor Direction(
        Tensor embeddings, Tensor anchors, Tensor partners, float[] mask, Tensor correction, Tensor temperature, int pairs)
    {
        Tensor scores = matmul(embeddings.index_select(0, anchors), embeddings.t()) / temperature;
        Tensor logits = (scores - correction).Plus(tensor(mask, [pairs, embeddings.shape[0]]));
        return nn.functional.cross_entropy(logits, partners);
    }
}

/// <summary>The pairs of a step, by place of their items among the step's different items.</summary>
internal sealed record PairBatch
{
    /// <summary>The different items, by number in the store.</summary>
    public required int[] Items { get; init; }

    /// <summary>For each pair the place of its first item.</summary>
    public required long[] First { get; init; }

    /// <summary>For each pair the place of its second item.</summary>
    public required long[] Second { get; init; }

    /// <summary>[pairs, items]: 0, or <see cref="Networks.Attention.Hidden"/> for what is not counted against the first item.</summary>
    public required float[] ForwardMask { get; init; }

    /// <summary>Likewise against the second item.</summary>
    public required float[] BackwardMask { get; init; }

    /// <summary>For each item the logarithm of its share in the ends of all training pairs.</summary>
    public required float[] LogFrequencies { get; init; }

    /// <summary>Number of pairs.</summary>
    public int Pairs => First.Length;
}
