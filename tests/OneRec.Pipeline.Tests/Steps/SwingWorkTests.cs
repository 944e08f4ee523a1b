using CsCheck;
using OneRec.Core;
using OneRec.Pipeline.Steps.Swing;

namespace OneRec.Pipeline.Tests.Steps;

public sealed class SwingWorkTests
{
    [Fact]
    public void Lines_tell_work_and_largest_items()
    {
        var work = new SwingWork([(1000, 1), (2, 3)], [("7", 1000), ("x", 2)], 1000);
        Assert.Equal(
            ["1,006 interactions of 4 items, 499,503 user pairs, less than a second, 1 MiB held in memory", "items with the most users: 7 (1,000), x (2)"],
            work.Lines(2));
    }

    [Fact]
    public void Cap_that_fits_is_the_greatest()
    {
        Gen.Select(Gen.Select(Gen.Long[1, 60], Gen.Long[1, 9]).Array[1, 12], Gen.Long[1, 5000]).Sample((degrees, limit) =>
        {
            var work = new SwingWork([.. degrees.DistinctBy(d => d.Item1)], [], 60);
            long[] fitting = [.. Enumerable.Range(2, 70).Select(c => (long)c).Where(c => work.UserPairs(c) <= limit)];
            long most = work.Degrees.Max(d => d.Users);
            Assert.Equal(fitting.Where(c => c <= most).Select(c => (long?)c).LastOrDefault(), work.CapThatFits(limit));
        });
    }

    [Fact]
    public void Work_beyond_64_bits_is_no_small_number()
    {
        var work = new SwingWork([(6_000_000_000, 3)], [], 6_000_000_000);
        Assert.Equal(long.MaxValue, work.UserPairs());
        Assert.NotNull(work.CapThatFits(1_000_000_000_000));
    }

    [Fact]
    public void Weights_of_users_that_never_score_do_not_stop_the_step()
    {
        Assert.Equal(1, SwingWeights.Compute(1, new SwingOptions { Alpha1 = -1.5 }));
        Assert.Equal(Math.Pow(0.5, -0.3), SwingWeights.Compute(2, new SwingOptions { Alpha1 = -1.5 }));
        OneRecException refused = Assert.Throws<OneRecException>(
            () => SwingWeights.Compute(long.MaxValue, new SwingOptions { Beta = -100 }));
        Assert.Equal(ErrorKind.Configuration, refused.Kind);
    }
}
