using Microsoft.ML.OnnxRuntime;
using OneRec.Alignment.Export;
using OneRec.Alignment.Networks;
using OneRec.Alignment.Tokens;
using OneRec.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace OneRec.Alignment.Tests.Export;

/// <summary>ONNX Runtime's embeddings of an exported encoder against those of libtorch.</summary>
public sealed class EncoderExportTests
{
    public static TheoryData<int, bool, bool, bool, bool> Shapes => new()
    {
        { 1, true, false, true, true },
        { 2, true, true, true, true },
        { 2, false, false, true, true },
        { 3, true, false, false, true },
        { 1, true, true, false, false },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Equals_libtorch_for_any_lengths_masks_and_batch_sizes(int blocks, bool residual, bool self, bool concat, bool normalize)
    {
        using var items = new Items(70, [.. new[] { 24, 10, 7 }.Take(blocks)]);
        using var qformer = new QFormer(
            new QFormerShape { Blocks = items.Blocks, Layers = 3, Width = 32, Hidden = 40, Residual = residual, SelfAttention = self, Concat = concat, Normalize = normalize },
            2);
        Compare(qformer, items);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Of_a_linear_map_equals_libtorch(int blocks, bool normalize)
    {
        using var items = new Items(70, [.. new[] { 24, 10, 7 }.Take(blocks)]);
        using var map = new LinearMap(items.Blocks, normalize);
        using (no_grad())
        {
            var random = new SplitMix64(4);
            using Tensor some = tensor(Items.Draw(ref random, (int)map.Map.numel(), 0.3f), map.Map.shape);
            map.Map.add_(some);
        }

        Compare(map, items);
    }

    private static void Compare(ItemEncoder encoder, Items items)
    {
        using var session = new InferenceSession(EncoderExport.Write(encoder));
        var random = new SplitMix64(8);
        foreach (int size in new[] { 1, 3, 17, 64 })
        {
            int[] rows = [.. Enumerable.Range(0, size).Select(_ => (int)random.NextBelow(items.Tokens.Items))];
            using DisposeScope scope = NewDisposeScope();
            TokenBatch tokens = items.Tokens.Read(rows);
            float[] expected = encoder.Encode(tokens, null).Embeddings.detach().data<float>().ToArray();

            Assert.Equal(expected, Scored(session, tokens, 0, 0), (a, b) => Math.Abs(a - b) < 1e-4);
            Assert.Equal(expected, Scored(session, tokens, 5, 100), (a, b) => Math.Abs(a - b) < 1e-4);
        }
    }

    // Pads with garbage that the mask hides.
    private static float[] Scored(InferenceSession session, TokenBatch tokens, int padding, float garbage)
    {
        var values = new Dictionary<string, OrtValue>();
        for (int b = 0; b < tokens.Blocks.Count; b++)
        {
            long[] shape = tokens.Blocks[b].Vectors.shape;
            long length = shape[1] + padding;
            float[] vectors = tokens.Blocks[b].Vectors.data<float>().ToArray();
            float[] mask = tokens.Blocks[b].Mask.data<float>().ToArray();
            var padded = new float[shape[0] * length * shape[2]];
            var padMask = new float[shape[0] * length];
            Array.Fill(padded, garbage);
            for (long i = 0; i < shape[0]; i++)
            {
                for (long t = 0; t < shape[1]; t++)
                {
                    if (mask[(i * shape[1]) + t] > 0)
                    {
                        Array.Copy(vectors, ((i * shape[1]) + t) * shape[2], padded, ((i * length) + t) * shape[2], shape[2]);
                        padMask[(i * length) + t] = 1;
                    }
                }
            }

            values[EncoderExport.TokensOf(b)] = OrtValue.CreateTensorValueFromMemory(padded, [shape[0], length, shape[2]]);
            values[EncoderExport.MaskOf(b)] = OrtValue.CreateTensorValueFromMemory(padMask, [shape[0], length]);
        }

        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, values, [EncoderExport.Output]);
        float[] got = results[0].GetTensorDataAsSpan<float>().ToArray();
        foreach (OrtValue value in values.Values)
        {
            value.Dispose();
        }

        return got;
    }
}
