using OneRec.Alignment.Losses;
using OneRec.Alignment.Native;
using OneRec.Alignment.Networks;
using OneRec.Alignment.Tokens;
using OneRec.Core;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OneRec.Alignment.Tests.Networks;

/// <summary>The gradient of each weight against finite differences along a random direction.</summary>
public sealed class GradientTests
{
    private static readonly int[] Some = [0, 1, 2, 3, 4];

    public static TheoryData<bool, bool, bool> Shapes => new()
    {
        { true, false, true }, { true, true, true }, { false, false, true }, { true, false, false },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Of_each_weight_of_the_QFormer(bool residual, bool self, bool concat)
    {
        using var items = new Items(6, [5, 3]);
        using var qformer = new QFormer(
            new QFormerShape { Blocks = items.Blocks, Layers = 2, Width = 8, Heads = 2, Hidden = 12, Queries = 3, Residual = residual, SelfAttention = self, Concat = concat },
            7);
        Check(qformer, items);
    }

    [Fact]
    public void Of_the_linear_map()
    {
        using var items = new Items(6, [5, 3]);
        using var map = new LinearMap(items.Blocks, normalize: true);
        Check(map, items);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void Of_each_weight_of_the_decoder_and_of_its_prefix(bool tied, int keyHeads)
    {
        TorchRuntime.Require();
        using var decoder = new CaptionDecoder(
            new DecoderShape { Vocabulary = 11, Prefix = 4, Width = 8, Heads = 2, KeyHeads = keyHeads, Hidden = 12, Tied = tied }, 3);
        using var prefix = new ParameterSet(4);
        Parameter queries = prefix.Normal("prefix", 1, 2, 3, 4);

        AgainstDifferences([decoder.Parameters, prefix], () => decoder.Loss(queries, [[3, 1, 4, 1, 10], [5, 9]]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_embeddings_and_temperature(bool symmetric)
    {
        using var items = new Items(12, [5]);
        PairBatch batch = items.Pairs(10).Batch([0, 1, 2, 3, 4, 5]);
        using var inputs = new ParameterSet(4);
        Parameter embeddings = inputs.Normal("embeddings", 0.5, batch.Items.Length, 4);
        using Tensor start = tensor(0.7f);
        Parameter scale = inputs.Add("scale", start);
        var loss = new ContrastiveLoss(symmetric, 1);

        AgainstDifferences([inputs], () => loss.Of(embeddings, batch, (-scale).exp()));
    }

    private static void Check(ItemEncoder encoder, Items items)
    {
        TokenBatch tokens = items.Tokens.Read(Some);
        var random = new SplitMix64(9);
        using Tensor mix = tensor(Items.Draw(ref random, Some.Length * encoder.Dimensions, 1), [Some.Length, encoder.Dimensions]);
        AgainstDifferences([encoder.Parameters], () => (encoder.Encode(tokens, null).Embeddings * mix).sum());
    }

    private static void AgainstDifferences(IReadOnlyList<ParameterSet> sets, Func<Tensor> loss)
    {
        (string Name, Parameter Value)[] weights = [.. sets.SelectMany(s => s.All)];
        IList<Tensor> gradients = autograd.grad([loss()], [.. weights.Select(w => (Tensor)w.Value)]);
        var random = new SplitMix64(11);
        for (int w = 0; w < weights.Length; w++)
        {
            using DisposeScope scope = NewDisposeScope();
            Parameter weight = weights[w].Value;
            Tensor direction = tensor(Items.Draw(ref random, (int)weight.numel(), 1), weight.shape);
            direction /= direction.square().sum().sqrt();
            const double step = 2e-3;
            double expected = (Moved(weight, direction, step, loss) - Moved(weight, direction, -step, loss)) / (2 * step);
            double got = (gradients[w] * direction).sum(ScalarType.Float64).item<double>();
            double tolerance = (0.01 * gradients[w].square().sum().sqrt().item<float>()) + 2e-3;
            Assert.True(Math.Abs(expected - got) < tolerance, $"{weights[w].Name}: differences {expected}, gradient {got}, tolerance {tolerance}");
            Assert.True(gradients[w].square().sum().item<float>() > 0, $"{weights[w].Name}: the gradient is zero");
        }
    }

    private static double Moved(Parameter weight, Tensor direction, double by, Func<Tensor> loss)
    {
        using IDisposable plain = no_grad();
        using Tensor before = weight.detach().clone();
        weight.add_(direction * by);
        double value = loss().item<float>();
        weight.copy_(before);
        return value;
    }
}
