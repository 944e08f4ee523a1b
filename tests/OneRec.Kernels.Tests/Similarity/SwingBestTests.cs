using CsCheck;
using OneRec.Kernels.Similarity;

namespace OneRec.Kernels.Tests.Similarity;

public sealed class SwingBestTests
{
    /// <summary>Few different scores, some of them apart by the last bit, so that ties and near ties are common.</summary>
    private static readonly Gen<double[]> Scores = Gen.OneOf(
        Gen.Double[0, 5],
        Gen.Int[0, 3].Select(n => (double)n),
        Gen.Int[0, 3].Select(n => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(1.5) + (ulong)n))).Array[0, 300];

    [Fact]
    public void Best_are_those_of_a_full_sort_and_what_is_below_the_threshold_is_none()
    {
        Gen.Select(Scores, Gen.Int[1, 40]).Sample(
            (scores, keep) =>
            {
                SwingNeighbour[] all = [.. scores.Select((score, at) => new SwingNeighbour(score, at * 7919 % 307, at))];
                int room = SwingBest.Room(keep);
                var best = new SwingBest(new SwingNeighbour[room], keep);
                double threshold = 0;
                foreach (SwingNeighbour one in all.Where(one => one.Score >= threshold))
                {
                    best.Offer(one, ref threshold);
                }

                var sorted = new SwingNeighbour[keep];
                int count = best.Sort(new ulong[room], sorted);
                Assert.Equal(
                    all.OrderByDescending(one => one.Score).ThenBy(one => one.Item).Take(keep), sorted.Take(count));
            },
            iter: 2000);
    }
}
