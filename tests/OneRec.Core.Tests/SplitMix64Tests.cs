namespace OneRec.Core.Tests;

/// <summary>The generator against published draws.</summary>
public sealed class SplitMix64Tests
{
    [Fact]
    public void Draws_of_seed_1234567_are_the_published_ones() // Rosetta Code, "Pseudo-random numbers/Splitmix64"
    {
        var random = new SplitMix64(1234567);
        foreach (ulong expected in new ulong[]
        {
            6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
        })
        {
            Assert.Equal(expected, random.NextUInt64());
        }
    }

    [Fact]
    public void Draws_of_seed_0_are_those_that_xoshiro_seeds_with() // as in the test vectors of rand_xoshiro, SplitMix64
    {
        var random = new SplitMix64(0);
        foreach (ulong expected in new ulong[] { 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f, 0xf88bb8a8724c81ec })
        {
            Assert.Equal(expected, random.NextUInt64());
        }
    }

    [Fact]
    public void Fractions_fall_into_fifths_as_published() // the same page: 100,000 draws of seed 987654321
    {
        var random = new SplitMix64(987654321);
        int[] fifths = new int[5];
        for (int i = 0; i < 100_000; i++)
        {
            double fraction = random.NextDouble();
            Assert.InRange(fraction, 0, 1 - 1e-16);
            fifths[(int)(fraction * 5)]++;
        }

        Assert.Equal([20027, 19892, 20073, 19978, 20030], fifths);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(long.MaxValue)]
    public void Bounded_draw_is_the_high_half_of_the_product(long bound)
    {
        (var random, var same) = (new SplitMix64(42), new SplitMix64(42));
        for (int i = 0; i < 1_000; i++)
        {
            long draw = random.NextBelow(bound);
            Assert.Equal((long)(((UInt128)same.NextUInt64() * (ulong)bound) >> 64), draw);
            Assert.InRange(draw, 0, bound - 1);
        }
    }

    [Fact]
    public void Equal_seeds_draw_alike_and_a_copy_goes_its_own_way()
    {
        var one = new SplitMix64(5);
        one.NextUInt64();
        SplitMix64 copy = one;
        ulong next = one.NextUInt64();
        Assert.Equal(next, copy.NextUInt64());
        one.NextUInt64();
        Assert.NotEqual(one.NextUInt64(), copy.NextUInt64());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void A_permutation_has_each_number_once_and_the_next_is_another(int count)
    {
        var random = new SplitMix64(7);

        int[] first = random.Permutation(count);
        int[] second = random.Permutation(count);

        Assert.Equal(Enumerable.Range(0, count), first.Order());
        Assert.Equal(Enumerable.Range(0, count), second.Order());
        Assert.Equal(count < 2, first.SequenceEqual(second));
        Assert.Equal(count < 2, first.SequenceEqual(Enumerable.Range(0, count)));
    }

    [Fact]
    public void Permutations_of_three_are_all_as_frequent()
    {
        var random = new SplitMix64(8);
        const int Draws = 60_000;

        int[] counts = [.. Enumerable.Range(0, Draws).CountBy(_ => string.Join(',', random.Permutation(3))).Select(c => c.Value)];

        Assert.Equal(6, counts.Length);
        Assert.All(counts, n => Assert.InRange(n, (Draws / 6) - 500, (Draws / 6) + 500));
    }
}
