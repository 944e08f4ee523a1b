using OneRec.Alignment.Losses;
using OneRec.Alignment.Native;
using OneRec.Alignment.Networks;
using OneRec.Alignment.Tokens;
using OneRec.Core;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OneRec.Alignment.Training;

/// <summary>
/// The gradient of one batch: items are encoded by chunks, the losses are computed on their embeddings, and each chunk then
/// passes its part of the gradient back.
/// </summary>
/// <param name="encoder">The encoder.</param>
/// <param name="captions">The caption loss; null without.</param>
/// <param name="tokens">Token vectors of the items.</param>
/// <param name="settings">The settings.</param>
internal sealed class TrainingStep(ItemEncoder encoder, CaptionTask? captions, TokenStore tokens, TrainingSettings settings)
{
    private readonly ContrastiveLoss _contrastive = new(settings.Symmetric, settings.LogQ);

    /// <summary>Computes losses and gradients.</summary>
    /// <param name="batch">The pairs.</param>
    /// <param name="logScale">The logarithm of 1 / temperature, a scalar weight.</param>
    /// <param name="step">Number of the step, which seeds random zeros.</param>
    /// <returns>The losses, and the gradients in the order of encoder, decoder and temperature.</returns>
    public StepGradient Run(PairBatch batch, Parameter logScale, int step)
    {
        int[] lengths = [.. batch.Items.Select(tokens.Length)];
        int[][] chunks = ChunkWork.Split(lengths);
        ItemVectors[] encoded = ChunkWork.Run(chunks.Length, settings.Threads, c => Keep(Encode(batch, chunks[c], step, c, !settings.Recompute)));
        try
        {
            (double contrastive, Tensor embeddingGradient, Tensor scaleGradient) = Contrast(batch, chunks, encoded, logScale);
            using (embeddingGradient)
            {
                CaptionPlan plan = captions?.Plan(batch, chunks, settings.Captions, Seed("align-captions", $"{step}")) ?? CaptionPlan.None;
                (double loss, Tensor?[] gradients)[] parts = ChunkWork.Run(
                    chunks.Length, settings.Threads, c => Back(batch, chunks[c], encoded[c], embeddingGradient, plan, step, c));
                Tensor?[] sums = ChunkWork.Sum([.. parts.Select(p => p.gradients)], parts[0].gradients.Length);
                return new StepGradient(contrastive, plan.Tokens == 0 ? null : parts.Sum(p => p.loss), [.. sums, scaleGradient], plan.Tokens, lengths.Sum());
            }
        }
        finally
        {
            Array.ForEach(encoded, Release);
        }
    }

    private ItemVectors Encode(PairBatch batch, int[] chunk, int step, int number, bool withGraph)
    {
        var dropout = new RandomZeros(settings.Dropout, settings.TokenDropout, Seed("align-dropout", $"{step}|{number}"));
        using IDisposable? plain = withGraph ? null : no_grad();
        return encoder.Encode(tokens.Read([.. chunk.Select(place => batch.Items[place])]), dropout);
    }

    private (double Loss, Tensor Embeddings, Tensor Scale) Contrast(
        PairBatch batch, int[][] chunks, ItemVectors[] encoded, Parameter logScale)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor inChunks = cat([.. encoded.Select(e => e.Embeddings.detach())], 0);
        var places = new long[batch.Items.Length];
        int at = 0;
        foreach (int place in chunks.SelectMany(c => c))
        {
            places[place] = at++;
        }

        Tensor embeddings = inChunks.index_select(0, tensor(places)).requires_grad_();
        Tensor loss = _contrastive.Of(embeddings, batch, (-logScale).exp());
        IList<Tensor> gradients = autograd.grad([loss], [embeddings, logScale]);
        return (Scalars.Value(loss), gradients[0].DetachFromDisposeScope(), gradients[1].DetachFromDisposeScope());
    }

    private (double Loss, Tensor?[] Gradients) Back(
        PairBatch batch, int[] chunk, ItemVectors encoded, Tensor embeddingGradient, CaptionPlan plan, int step, int number)
    {
        ItemVectors vectors = settings.Recompute ? Encode(batch, chunk, step, number, withGraph: true) : encoded;
        Tensor own = embeddingGradient.index_select(0, tensor([.. chunk.Select(p => (long)p)]));
        IReadOnlyList<Tensor> weights = encoder.Parameters.Tensors;
        if (captions is null || plan.Chunks[number] is not { Rows.Length: > 0 } rows)
        {
            IList<Tensor> plain = autograd.grad([vectors.Embeddings], [.. weights], [own]);
            return (0, [.. Detached(plain), .. Enumerable.Repeat<Tensor?>(null, captions?.Decoder.Parameters.All.Count ?? 0)]);
        }

        // The captions' gradient for the queries joins that of the contrastive loss on its way back through the encoder.
        IReadOnlyList<Tensor> decoder = captions.Decoder.Parameters.Tensors;
        Tensor prefix = vectors.Queries.detach().index_select(0, tensor(rows.Rows)).requires_grad_();
        var dropout = new RandomZeros(settings.CaptionDropout, 0, Seed("align-caption-dropout", $"{step}|{number}"));
        Tensor loss = captions.Decoder.Loss(prefix, rows.Captions, dropout) * Scalars.Changing(settings.Lambda / plan.Tokens);
        IList<Tensor> back = autograd.grad([loss], [prefix, .. decoder]);
        Tensor queryGradient = zeros_like(vectors.Queries).index_add_(0, tensor(rows.Rows), back[0], Scalars.Of(1));
        IList<Tensor> both = autograd.grad([vectors.Embeddings, vectors.Queries], [.. weights], [own, queryGradient]);
        return (Scalars.Value(loss) / settings.Lambda, [.. Detached(both), .. Detached(back.Skip(1))]);
    }

    private ulong Seed(string purpose, string key) => StableHash.Order32(settings.Seed, purpose, key);

    private static Tensor?[] Detached(IEnumerable<Tensor> tensors) => [.. tensors.Select(t => t?.DetachFromDisposeScope())];

    private static ItemVectors Keep(ItemVectors vectors)
    {
        vectors.Queries.DetachFromDisposeScope();
        vectors.Embeddings.DetachFromDisposeScope();
        return vectors;
    }

    private static void Release(ItemVectors vectors)
    {
        vectors.Queries?.Dispose();
        vectors.Embeddings?.Dispose();
    }
}

/// <summary>What a step gives.</summary>
/// <param name="Contrastive">The contrastive loss.</param>
/// <param name="Caption">The caption loss a token; null without captions.</param>
/// <param name="Gradients">Of encoder, decoder and temperature; null for a weight without gradient.</param>
/// <param name="CaptionTokens">Number of tokens predicted.</param>
/// <param name="TokenVectors">Number of token vectors encoded.</param>
internal sealed record StepGradient(double Contrastive, double? Caption, IReadOnlyList<Tensor?> Gradients, int CaptionTokens, long TokenVectors);
