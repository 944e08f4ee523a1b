using System.Numerics.Tensors;
using OneRec.Alignment.Native;
using OneRec.Alignment.Networks;
using OneRec.Alignment.Steps;
using OneRec.Alignment.Tokens;
using OneRec.Alignment.Training;
using OneRec.Pipeline.Compare;
using OneRec.Pipeline.Running;
using static TorchSharp.torch;

namespace OneRec.Alignment.Compare;

/// <summary>Trains what <c>compare</c> holds beside IDs and embeddings.</summary>
public sealed class Learned : ILearned
{
    private const int Part = 4096;

    /// <inheritdoc/>
    public float[] Linear(float[] vectors, int d, IReadOnlyList<(int First, int Second)> pairs, IWork work)
    {
        TorchRuntime.Require();
        int items = vectors.Length / d;
        using var store = TokenStore.In(work.Options.Models, [d]);
        for (int item = 0; item < items; item++)
        {
            var narrow = new Half[d];
            TensorPrimitives.ConvertToHalf(vectors.AsSpan(item * d, d), narrow);
            store.Add(narrow);
        }

        store.Complete();
        using var map = new LinearMap([new TokenBlockShape(d, 1, 1)], normalize: true);
        (int First, int Second)[] different = [.. pairs.Where(p => p.First != p.Second)];
        var set = new PairSet([.. different.Select(p => p.First)], [.. different.Select(p => p.Second)], items);
        using var training = new AlignmentTraining(
            map, null, store, set, AlignWork.Settings(work.Options) with { LearningRate = AlignOptions.LinearRate });
        while (training.Done < training.Steps)
        {
            work.Cancellation.ThrowIfCancellationRequested();
            training.Step();
        }

        return Apply(map, vectors, d);
    }

    /// <inheritdoc/>
    public (int[][] Codes, double[] Errors) RqVae(float[] vectors, int d, IReadOnlyList<int> sizes, IWork work) =>
        new RqVaeTraining(vectors, d, sizes, work).Run();

    private static float[] Apply(LinearMap map, float[] vectors, int d)
    {
        var mapped = new float[vectors.Length];
        for (int at = 0; at < vectors.Length; at += Part * d)
        {
            using TorchSharp.DisposeScope scope = NewDisposeScope();
            using IDisposable plain = no_grad();
            int count = Math.Min(Part * d, vectors.Length - at) / d;
            using TorchSharp.torch.Tensor part = tensor(vectors.AsSpan(at, count * d).ToArray(), [count, d]);
            nn.functional.linear(part, map.Map).data<float>().CopyTo(mapped.AsSpan(at, count * d));
        }

        return mapped;
    }
}
