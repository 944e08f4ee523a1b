using System.Globalization;
using OneRec.Alignment.Native;
using OneRec.Alignment.Training;
using OneRec.Core;
using OneRec.Pipeline.Compare;
using OneRec.Pipeline.Running;
using TorchSharp;
using static TorchSharp.torch;

namespace OneRec.Alignment.Compare;

/// <summary>
/// Trains an RQ-VAE on embeddings: codes start at k-means of the first residuals; a code that no item took in an epoch starts again
/// at a random residual.
/// </summary>
/// <param name="vectors">[items, d] row-major.</param>
/// <param name="d">Length of a vector.</param>
/// <param name="sizes">Number of codes at each level.</param>
/// <param name="work">Seed, cancellation, and a place for lines.</param>
internal sealed class RqVaeTraining(float[] vectors, int d, IReadOnlyList<int> sizes, IWork work)
{
    private const int Batch = 1024;
    private const int FewestSteps = 3_000;
    private const int FewestEpochs = 20;
    private const int Sample = 20_000;
    private const int Rounds = 10;

    private readonly TrainingSettings _settings = new() { Seed = work.Options.Seed, LearningRate = 1e-3, WarmUp = 0, WeightDecay = 0, Clip = 10 };
    private readonly int _items = vectors.Length / d;
    // Not readonly: a readonly struct would draw the same number for ever.
    private SplitMix64 _random = new(StableHash.Order32(work.Options.Seed, "rqvae", "order"));

    /// <summary>Trains.</summary>
    /// <returns>The codes of each item; and the mean squared error after each level over the variance.</returns>
    public (int[][] Codes, double[] Errors) Run()
    {
        TorchRuntime.Require();
        using var model = new RqVae(d, sizes, _settings.Seed);
        using var optimizer = new Optimizer([.. model.Parameters.All.Select(p => p.Value)], _settings.WeightDecay, _settings.Clip);
        int perEpoch = (_items + Batch - 1) / Batch;
        int epochs = Math.Max(FewestEpochs, (FewestSteps + perEpoch - 1) / perEpoch);
        int step = 0;
        Start(model);
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            int[] order = _random.Permutation(_items);
            bool[][] used = [.. sizes.Select(n => new bool[n])];
            double loss = 0;
            for (int at = 0; at < _items; at += Batch)
            {
                work.Cancellation.ThrowIfCancellationRequested();
                using DisposeScope scope = NewDisposeScope();
                loss += Step(model, optimizer, order.AsSpan(at, Math.Min(Batch, _items - at)), used, step++, epochs * perEpoch);
            }

            if (epoch < epochs - 1)
            {
                Restart(model, used, order);
            }

            if ((epoch + 1) % Math.Max(1, epochs / 5) == 0)
            {
                work.Report(string.Create(CultureInfo.InvariantCulture, $"RQ-VAE: epoch {epoch + 1} of {epochs}, loss {loss / perEpoch:F4}"));
            }
        }

        return Encode(model);
    }

    private double Step(RqVae model, Optimizer optimizer, ReadOnlySpan<int> rows, bool[][] used, int step, int steps)
    {
        (Tensor loss, long[][] codes) = model.Loss(Rows(rows));
        for (int level = 0; level < used.Length; level++)
        {
            foreach (long code in codes[level])
            {
                used[level][code] = true;
            }
        }

        IList<Tensor> gradients = autograd.grad([loss], [.. model.Parameters.Tensors]);
        if (!double.IsFinite(optimizer.Apply([.. gradients], _settings.Rate(step, steps), step)))
        {
            throw OneRecException.Engine("compare.rqvae", "the loss of the RQ-VAE is not finite; look at the embeddings with 'onerec evaluate'");
        }

        return Scalars.Value(loss);
    }

    private void Start(RqVae model)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable plain = no_grad();
        Tensor x = Rows(_random.Permutation(_items).AsSpan(0, Math.Min(Sample, _items)));
        for (int level = 0; level < model.Levels; level++)
        {
            Tensor left = model.Encode(x).Left[level];
            model.Replace(level, [.. Enumerable.Range(0, sizes[level]).Select(c => (long)c)], KMeans(left, sizes[level]));
        }
    }

    private Tensor KMeans(Tensor rows, int k)
    {
        int n = (int)rows.shape[0];
        Tensor centroids = rows.index_select(0, tensor([.. Enumerable.Range(0, k).Select(_ => (long)_random.NextBelow(n))]));
        for (int round = 0; round < Rounds; round++)
        {
            Tensor nearest = RqVae.Nearest(rows, centroids);
            Tensor sums = zeros_like(centroids).index_add_(0, nearest, rows, Scalars.Of(1));
            Tensor counts = zeros(k).index_add_(0, nearest, ones(n), Scalars.Of(1)).unsqueeze(1);
            Tensor empty = counts.lt(Scalars.Of(0.5));
            centroids = where(empty, centroids, sums / counts.clamp_min(Scalars.Of(1)));
        }

        return centroids;
    }

    private void Restart(RqVae model, bool[][] used, int[] order)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable plain = no_grad();
        Tensor[] left = model.Encode(Rows(order.AsSpan(0, Math.Min(Batch, _items)))).Left;
        for (int level = 0; level < model.Levels; level++)
        {
            long[] dead = [.. Enumerable.Range(0, sizes[level]).Where(c => !used[level][c]).Select(c => (long)c)];
            if (dead.Length > 0)
            {
                long[] from = [.. dead.Select(_ => (long)_random.NextBelow((int)left[level].shape[0]))];
                model.Replace(level, dead, left[level].index_select(0, tensor(from)));
            }
        }
    }

    private (int[][] Codes, double[] Errors) Encode(RqVae model)
    {
        var codes = new int[_items][];
        var errors = new double[model.Levels];
        int[] all = [.. Enumerable.Range(0, _items)];
        for (int at = 0; at < _items; at += Batch)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable plain = no_grad();
            Tensor x = Rows(all.AsSpan(at, Math.Min(Batch, _items - at)));
            (Tensor[] left, long[][] own) = model.Encode(x);
            for (int i = 0; i < own[0].Length; i++)
            {
                codes[at + i] = [.. own.Select(level => (int)level[i])];
            }

            for (int level = 0; level < errors.Length; level++)
            {
                Tensor difference = model.Decode(left, level + 1) - x;
                errors[level] += Scalars.Value((difference * difference).sum());
            }
        }

        double variance = EmbeddingVariance.Of(vectors, d) * _items;
        return (codes, [.. errors.Select(e => e / variance)]);
    }

    private Tensor Rows(ReadOnlySpan<int> rows)
    {
        var values = new float[rows.Length * d];
        for (int i = 0; i < rows.Length; i++)
        {
            vectors.AsSpan(rows[i] * d, d).CopyTo(values.AsSpan(i * d));
        }

        return tensor(values, [rows.Length, d]);
    }
}
