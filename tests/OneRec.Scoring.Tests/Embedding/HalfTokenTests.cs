using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Scoring.Embedding;

namespace OneRec.Scoring.Tests.Embedding;

public sealed class HalfTokenTests
{
    private readonly KernelRegistry _registry = ScoringKernels.Register(new KernelRegistry());

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(61)]
    public void The_mean_is_that_of_the_widened_values_to_the_bit(int d)
    {
        // All finite values of float16 come up: denormals, both zeros, the largest.
        ushort[] finite = [.. Enumerable.Range(0, 65_536).Select(b => (ushort)b).Where(b => Half.IsFinite(BitConverter.UInt16BitsToHalf(b)))];
        var draws = new SplitMix64((ulong)d);
        int next = 0;
        var rows = new List<Half[][]>();
        while (next < finite.Length)
        {
            var row = new Half[1 + draws.NextBelow(9)][];
            for (int v = 0; v < row.Length; v++)
            {
                row[v] = [.. Enumerable.Range(0, d).Select(_ => BitConverter.UInt16BitsToHalf(finite[next++ % finite.Length]))];
            }

            rows.Add(row);
        }

        RecordBatch bytes = TokenBatch.Bytes(
            [.. rows.Select(r => ((byte[]?)TokenBatch.Of([.. r.SelectMany(v => v)]), (long?)r.Length, (long?)d))]);
        foreach (RecordBatch batch in new[] { bytes, TokenBatch.Lists([.. rows]) })
        {
            List<EmbedOutputRow> embedded = Run(batch, d);
            for (int i = 0; i < rows.Count; i++)
            {
                Assert.Equal(SlowMean(rows[i]).Select(BitConverter.SingleToInt32Bits), embedded[i].Embedding!.Select(BitConverter.SingleToInt32Bits));
            }
        }
    }

    [Fact]
    public void Rows_without_vectors_are_masked_and_rows_of_any_number_stand_beside_them()
    {
        List<EmbedOutputRow> rows = Run(
            TokenBatch.Bytes(
                (TokenBatch.Of((Half)1, (Half)2), 1, 2),
                (null, null, null),
                (null, 0, null),
                ([], 0, null),
                (TokenBatch.Of((Half)1, (Half)2, (Half)3, (Half)4, (Half)8, (Half)0), 3, 2)),
            2);
        Assert.Equal([[1, 2], null, null, null, [4, 2]], rows.Select(r => r.Embedding));
        Assert.Equal([0, 1, 1, 1, 0], rows.Select(r => r.BlocksMissing));
        Assert.Equal("nothing to embed: no token vectors", rows[1].Problem);
    }

    [Fact]
    public void What_is_wrong_with_a_rows_bytes_is_told_with_their_numbers()
    {
        List<EmbedOutputRow> rows = Run(
            TokenBatch.Bytes(
                (new byte[10], 3, 2),
                (new byte[12], 3_000_000_000, 4_000_000_000),
                (new byte[4], null, 2),
                (new byte[4], -1, 2),
                (new byte[4], 1, null),
                (new byte[4], 1, -2),
                ([], 1, null),
                (null, 3, 2),
                (new byte[12], 2, 3),
                (TokenBatch.Of((Half)1, (Half)2, Half.NaN, (Half)1), 2, 2),
                (TokenBatch.Of((Half)1, (Half)2, (Half)3, Half.NegativeInfinity), 2, 2),
                (TokenBatch.Of((Half)1, (Half)2), 1, 2)),
            2);
        Assert.Equal(
            [
                "tokens has 10 bytes, but n_tokens 3 x dim 2 in float16 needs 12",
                "tokens has 12 bytes, but n_tokens 3000000000 x dim 4000000000 in float16 needs 24000000000000000000",
                "tokens has 4 bytes, but n_tokens is null",
                "tokens has 4 bytes, but n_tokens is -1",
                "tokens has 4 bytes, but dim is null",
                "tokens has 4 bytes, but dim is -2",
                "tokens has 0 bytes, but dim is null",
                "n_tokens is 3, but tokens is null",
                "token vectors have 3 floats (dim), not 2",
                "token vector 1 contains NaN at 0",
                "token vector 1 contains infinity at 1",
                null,
            ],
            rows.Select(r => r.Problem));
    }

    [Fact]
    public void A_slice_of_a_batch_reads_its_own_bytes()
    {
        using RecordBatch whole = TokenBatch.Bytes(
            (TokenBatch.Of((Half)1), 1, 1), (TokenBatch.Of((Half)2, (Half)4), 2, 1), (TokenBatch.Of((Half)5), 1, 1));
        Assert.Equal([[3], [5]], Run(whole.SliceShared(1, 2), 1).Select(r => r.Embedding!));
    }

    [Fact]
    public void Token_length_is_that_of_a_row_whose_bytes_fit()
    {
        Assert.Equal(3, Length(TokenBatch.Bytes((null, null, null), ([], 0, 9), (new byte[5], 1, 4), (new byte[6], 1, 3), (new byte[4], 1, 2))));
        Assert.Equal(4, Length(TokenBatch.Bytes((null, null, null), (new byte[5], 1, 4))));
        Assert.Equal(2, Length(TokenBatch.Lists([], [[]], [[(Half)1, (Half)2]])));
    }

    [Fact]
    public void Columns_of_another_type_are_refused()
    {
        using RecordBatch bytes = TokenBatch.Bytes((new byte[2], 1, 1));
        var texts = new Schema([new Field("tokens", StringType.Default, true)], null);
        ArgumentException e = Assert.Throws<ArgumentException>(
            () => Length(new RecordBatch(texts, [new StringArray.Builder().Append("a").Build()], 1)));
        Assert.StartsWith("tokens is utf8, neither list<list<float>> nor binary", e.Message, StringComparison.Ordinal);
        var alone = new Schema([new Field("tokens", BinaryType.Default, true)], null);
        e = Assert.Throws<ArgumentException>(() => Length(new RecordBatch(alone, [bytes.Column("tokens")], 1)));
        Assert.StartsWith("no input column 'n_tokens'", e.Message, StringComparison.Ordinal);
    }

    private static float[] SlowMean(Half[][] vectors)
    {
        var mean = new float[vectors[0].Length];
        for (int t = 0; t < mean.Length; t++)
        {
            double sum = 0;
            foreach (Half[] vector in vectors)
            {
                sum += (float)vector[t];
            }

            mean[t] = (float)(sum / vectors.Length);
        }

        return mean;
    }

    private int Length(RecordBatch batch)
    {
        IBatchKernel kernel = _registry.Create(new KernelCall("token_length", [], TokenLengthKernel.Output));
        return ((Int32Array)Assert.Single(kernel.Run([batch], new KernelContext())).Column(0)).GetValue(0)!.Value;
    }

    private List<EmbedOutputRow> Run(RecordBatch batch, int d)
    {
        var parameters = new EmbedParameters { Blocks = [new TokenBlock { Dimensions = d }], Normalize = false };
        var call = new KernelCall(EmbedKernel.Name, parameters.ToJson(), EmbedOutput.Schema(Int64Type.Default));
        return EmbedOutputRow.Read(_registry.Create(call).Run([batch], new KernelContext { Threads = 2 }));
    }
}
