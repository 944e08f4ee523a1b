using OneRec.Kernels.Similarity;

namespace OneRec.Kernels.Tests.Similarity;

/// <summary>Results that others printed for their Swing.</summary>
public sealed class SwingPublishedTests
{
    [Fact]
    public void Flink_ML_documentation()
    {
        // User 4 has four items and maxUserItems is 3, so the step drops it whole. Item 12 of user 4 comes twice.
        var log = SwingLog.Parse("0:10,11,12 1:13,12 2:10,11,12 3:13,12");
        List<SwingOutput> rows = log.Run(new SwingParameters(), n => Math.Pow(n + 15.0, -0.3));
        (long, long)[] low = [(10, 11), (10, 12), (11, 12)];
        foreach ((long a, long b) in low)
        {
            Close(0.058845768947156235, Score(rows, a, b), 1e-12);
            Close(0.058845768947156235, Score(rows, b, a), 1e-12);
        }

        Close(0.09134833828228624, Score(rows, 12, 13), 1e-12);
        Close(0.09134833828228624, Score(rows, 13, 12), 1e-12);
        Assert.Equal(8, rows.Count);
    }

    [Fact]
    public void Alink_documentation()
    {
        var log = SwingLog.Parse("a1:11,12 a2:11,12 a3:12,13 a4:13,14 a5:14,15 a6:15,16");
        List<SwingOutput> rows = log.Run(new SwingParameters { Alpha2 = 1 }, n => Math.Pow(n + 5.0, 0.35));
        Close(1.3015095, Score(rows, 11, 12), 1e-6);
        Assert.Equal(2, rows.Count);
    }

    [Fact]
    public void LibRecommender_test()
    {
        var log = SwingLog.Parse("u0:0,1,2,3 u1:0,1,3 u2:0,2,3,4");
        List<SwingOutput> rows = log.Run(new SwingParameters(), n => Math.Pow(n, -0.5));
        Assert.Equal([3, 1, 2], rows.Where(r => r.Item == 0).Select(r => r.Similar));
        Close(0.3238959, Score(rows, 0, 3), 1e-6);
        Close(0.0962250, Score(rows, 0, 1), 1e-6);
        Close(0.0833333, Score(rows, 0, 2), 1e-6);
    }

    private static double Score(List<SwingOutput> rows, long item, long similar) =>
        rows.Single(r => r.Item == item && r.Similar == similar).Score;

    private static void Close(double expected, double actual, double relative) =>
        Assert.True(Math.Abs(actual - expected) <= relative * expected, $"{actual:R} is not {expected:R}");
}
