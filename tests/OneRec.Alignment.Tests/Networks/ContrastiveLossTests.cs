using OneRec.Alignment.Losses;
using OneRec.Alignment.Native;
using OneRec.Alignment.Training;
using OneRec.Core;
using static TorchSharp.torch;

namespace OneRec.Alignment.Tests.Networks;

/// <summary>The loss against a plain sum in double.</summary>
public sealed class ContrastiveLossTests
{
    // Item 4 is in most pairs; 0 and 3 are partners of 4 and so not counted against it.
    private static readonly int[] First = [0, 4, 1, 4, 5];
    private static readonly int[] Second = [4, 3, 2, 1, 4];

    [Theory]
    [InlineData(true, 1.0, 0.05)]
    [InlineData(false, 1.0, 0.05)]
    [InlineData(true, 0.0, 0.5)]
    [InlineData(true, 0.5, 0.1)]
    public void Known_partners_are_left_out_and_popular_items_are_corrected(bool symmetric, double logQ, double tau)
    {
        TorchRuntime.Require();
        var set = new PairSet(First, Second, 7);
        PairBatch batch = set.Batch([0, 1, 2]);
        var random = new SplitMix64(3);
        int d = 4;
        float[] embeddings = Items.Draw(ref random, batch.Items.Length * d, 0.5f);
        using Tensor scale = tensor((float)tau);

        using Tensor loss = new ContrastiveLoss(symmetric, logQ).Of(tensor(embeddings, [batch.Items.Length, d]), batch, scale);

        Assert.Equal([0, 4, 3, 1, 2], batch.Items);
        double expected = Direction(First[..3], Second[..3]);
        if (symmetric)
        {
            expected = (expected + Direction(Second[..3], First[..3])) / 2;
        }

        Assert.Equal(expected, loss.item<float>(), 1e-4);

        double Direction(int[] anchors, int[] partners) => Enumerable.Range(0, anchors.Length).Average(i =>
        {
            double Score(int item) => (Dot(anchors[i], item) / tau) - (logQ * Math.Log(Ends(item) / 10.0));
            double sum = batch.Items
                .Where(j => j == partners[i] || (j != anchors[i] && !Partners(anchors[i]).Contains(j)))
                .Sum(j => Math.Exp(Score(j)));
            return Math.Log(sum) - Score(partners[i]);
        });

        double Dot(int a, int b)
        {
            int x = Array.IndexOf(batch.Items, a) * d;
            int y = Array.IndexOf(batch.Items, b) * d;
            return Enumerable.Range(0, d).Sum(t => (double)embeddings[x + t] * embeddings[y + t]);
        }
    }

    private static int Ends(int item) => First.Concat(Second).Count(i => i == item);

    private static HashSet<int> Partners(int item) =>
    [
        .. First.Zip(Second).Where(p => p.First == item).Select(p => p.Second),
        .. First.Zip(Second).Where(p => p.Second == item).Select(p => p.First),
    ];
}
