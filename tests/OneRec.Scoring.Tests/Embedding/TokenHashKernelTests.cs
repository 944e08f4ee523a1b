using System.Security.Cryptography;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Scoring.Embedding;

namespace OneRec.Scoring.Tests.Embedding;

public sealed class TokenHashKernelTests
{
    [Fact]
    public void Lists_are_hashed_by_length_and_bytes_wherever_they_lie_in_the_batch()
    {
        float[][]?[] rows = [[[1, 2], [3, 4]], null, [], [[1, 2, 3, 4]], [[1, 2], [3, 4]]];
        string?[] versions = Versions(Lists(rows));
        Assert.Equal([Expected([1, 2], [3, 4]), null, null, Expected([1, 2, 3, 4]), Expected([1, 2], [3, 4])], versions);
        Assert.Equal(versions[3..], Versions(Lists(rows).Slice(3, 2)));
    }

    [Fact]
    public void Negative_zero_and_the_bits_of_nan_count()
    {
        float other = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(float.NaN) ^ 1);
        string?[] versions = Versions(Lists([[[0f]], [[-0f]], [[float.NaN]], [[other]]]));
        Assert.Equal(4, versions.Distinct().Count());
    }

    [Fact]
    public void What_lies_below_a_null_is_not_hashed()
    {
        string?[] versions = [.. new[] { 7f, 8f }.Select(below =>
        {
            var valid = new ArrowBuffer(new byte[] { 0b101 });
            var values = new FloatArray(new ArrowBuffer.Builder<float>().Append(1f).Append(below).Append(2f).Build(), valid, 3, 1, 0);
            return Versions(Batch(Nest(values, [0, 3], [0, 1]))).Single();
        })];
        Assert.Equal(versions[0], versions[1]);
        Assert.NotEqual(Expected([1, 7, 2]), versions[0]);
    }

    private static string Expected(params float[][] vectors)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        foreach (float[] vector in vectors)
        {
            writer.Write((long)vector.Length);
            System.Array.ForEach(vector, writer.Write);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()));
    }

    private static RecordBatch Lists(float[][]?[] rows)
    {
        var builder = new ListArray.Builder(new ListType(FloatType.Default));
        var vectors = (ListArray.Builder)builder.ValueBuilder;
        var values = (FloatArray.Builder)vectors.ValueBuilder;
        foreach (float[][]? row in rows)
        {
            if (row is null)
            {
                builder.AppendNull();
                continue;
            }

            builder.Append();
            foreach (float[] vector in row)
            {
                vectors.Append();
                values.AppendRange(vector);
            }
        }

        return Batch(builder.Build());
    }

    private static ListArray Nest(FloatArray values, int[] inner, int[] outer)
    {
        var vectors = new ListArray(
            new ListType(FloatType.Default), inner.Length - 1, Offsets(inner), values, ArrowBuffer.Empty, 0);
        return new ListArray(new ListType(vectors.Data.DataType), outer.Length - 1, Offsets(outer), vectors, ArrowBuffer.Empty, 0);
    }

    private static ArrowBuffer Offsets(int[] offsets) => new ArrowBuffer.Builder<int>().AppendRange(offsets).Build();

    private static RecordBatch Batch(ListArray tokens) => new(
        new Schema([new Field("item_id", Int64Type.Default, false), new Field("tokens", tokens.Data.DataType, true)], null),
        [new Int64Array.Builder().AppendRange(Enumerable.Range(0, tokens.Length).Select(i => (long)i)).Build(), tokens],
        tokens.Length);

    private static string?[] Versions(RecordBatch batch) =>
        [.. new TokenHashKernel("tokens").Run([batch], new KernelContext()).SelectMany(b => Enumerable
            .Range(0, b.Length)
            .Select(i => ((StringArray)b.Column(1)).GetString(i)))];
}
