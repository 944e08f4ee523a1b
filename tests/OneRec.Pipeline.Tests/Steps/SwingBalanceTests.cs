using CsCheck;
using OneRec.Pipeline.Steps.Swing;

namespace OneRec.Pipeline.Tests.Steps;

public sealed class SwingBalanceTests
{
    [Fact]
    public void Heavy_items_go_where_least_lies_and_the_rest_levels_it()
    {
        // Pairs 499,500, 124,750 and 124,750, and 250,000 of others: 999,000 in all, 333,000 a part.
        var balance = new SwingBalance(3, 999_000, [1000, 500, 500]);
        Assert.Equal([0, 1, 2], balance.Places);
        Assert.Equal(499_500 / 333_000.0, balance.Largest, 1e-9);
        Assert.Equal([("00000000", "00000000"), ("00000000", "80000000"), ("80000000", "g")], balance.Ranges());
    }

    [Fact]
    public void Ranges_follow_each_other_and_cover_all_hashes()
    {
        Gen.Select(Gen.Int[1, 40], Gen.Long[0, 1_000_000_000], Gen.Long[3, 30_000].Array[0, 60]).Sample((parts, light, heavy) =>
        {
            long[] users = [.. heavy.OrderDescending()];
            long pairs = light + users.Sum(n => n * (n - 1) / 2);
            var balance = new SwingBalance(parts, pairs, users);
            Assert.All(balance.Places, p => Assert.InRange(p, 0, parts - 1));
            (string First, string Below)[] ranges = [.. balance.Ranges()];
            Assert.Equal(parts, ranges.Length);
            Assert.Equal("00000000", ranges[0].First);
            Assert.Equal("g", ranges[^1].Below);
            for (int p = 1; p < parts; p++)
            {
                Assert.Equal(ranges[p - 1].Below, ranges[p].First);
                Assert.True(string.CompareOrdinal(ranges[p].First, ranges[p].Below) <= 0);
            }

            // No part is above the mean but for the items that lie there already.
            Assert.InRange(balance.Largest, 1 - 1e-9, parts + 1e-9);
            if (users.Length == 0)
            {
                Assert.Equal(1, balance.Largest, 1e-6);
            }
        });
    }

    [Fact]
    public void Few_items_are_heavy()
    {
        Gen.Select(Gen.Int[1, 50], Gen.Long[1, 5_000].Array[1, 400]).Sample((parts, users) =>
        {
            long pairs = users.Sum(n => n * (n - 1) / 2);
            long least = SwingBalance.LeastUsers(parts, pairs);
            Assert.InRange(users.Count(n => n >= least), 0, 4 * parts);
        });
    }
}
