using CsCheck;
using OneRec.Scoring.Text;

namespace OneRec.Scoring.Tests.Text;

public sealed class TextBatchTests
{
    private static readonly Gen<int[]> Lengths = Gen.Int[1, 300].Array[0, 200];

    [Fact]
    public void Every_text_is_in_one_call_whatever_the_batching() => Gen.Select(Lengths, Gen.Enum<Batching>()).Sample((lengths, batching) =>
    {
        TextBatch[] plan = [.. TextBatch.Plan(lengths, batching, 512)];
        Assert.Equal(Enumerable.Range(0, lengths.Length), plan.SelectMany(b => b.Rows).Order());
        Assert.All(plan, b => Assert.True(b.Rows.Count >= 1 && b.Count >= b.Rows.Count));
        Assert.All(plan, b => Assert.All(b.Rows, row => Assert.True(lengths[row] <= b.Length)));
    });

    [Fact]
    public void Alone_is_one_text_a_call_without_padding() => Lengths.Sample(lengths =>
        Assert.All(TextBatch.Plan(lengths, Batching.Alone, 512), b => Assert.Equal((1, 1, lengths[b.Rows[0]]), (b.Count, b.Rows.Count, b.Length))));

    [Fact]
    public void Equal_lengths_are_never_padded_and_calls_are_powers_of_two() => Lengths.Sample(lengths =>
        Assert.All(TextBatch.Plan(lengths, Batching.EqualLengths, 512), b =>
        {
            Assert.All(b.Rows, row => Assert.Equal(b.Length, lengths[row]));
            Assert.Equal(b.Rows.Count, b.Count);
            Assert.True(int.IsPow2(b.Count) && b.Count * b.Length <= Math.Max(2048, b.Length), $"{b.Count} x {b.Length}");
        }));

    [Fact]
    public void Padded_shapes_are_of_a_small_set()
    {
        var shapes = new HashSet<(int, int)>();
        Lengths.Sample(
            lengths =>
            {
                foreach (TextBatch batch in TextBatch.Plan(lengths, Batching.Padded, 300))
                {
                    Assert.Contains(batch.Length, new[] { 16, 32, 64, 128, 256, 300 });
                    Assert.True(int.IsPow2(batch.Count) && batch.Count < 2 * batch.Rows.Count);
                    shapes.Add((batch.Count, batch.Length));
                }
            },
            threads: 1);
        Assert.True(shapes.Count <= 6 * 9, $"{shapes.Count} shapes");
    }

    [Fact]
    public void A_model_of_one_length_gets_it() =>
        Assert.All(TextBatch.Plan([3, 9, 30], Batching.EqualLengths, 64, fixedLength: 64), b => Assert.Equal(64, b.Length));
}
